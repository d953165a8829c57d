/**
 * A resource as FHIR XML: elements in the order of the definitions, numbers with their digits. Source: FHIR R4 2.6.1.
 * What the definitions do not know is not written; a stored resource has nothing of the kind.
 */
import type { Definitions, ElementDefinition, TypeDefinition } from '../definitions/definitions.ts';
import { digitsOf, isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { fhirNamespace, isAttribute } from './attributes.ts';
import { xmlMarkup } from './xhtml-entities.ts';

/** The text of a document; `pretty` breaks lines between elements. */
export function formatXml(resource: Resource, definitions: Definitions, pretty: boolean): string {
  const writer = new ResourceWriter(definitions, pretty);
  writer.resource(resource, ` xmlns="${fhirNamespace}"`, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>${writer.text}`;
}

class ResourceWriter {
  text = '';
  readonly #definitions: Definitions;
  readonly #pretty: boolean;

  constructor(definitions: Definitions, pretty: boolean) {
    this.#definitions = definitions;
    this.#pretty = pretty;
    if (pretty) this.text = '\n';
  }

  resource(resource: Resource, namespace: string, depth: number): void {
    const type = this.#definitions.type(resource.resourceType);
    if (type) this.#element(resource.resourceType, namespace, resource, type, depth);
  }

  /** An element with `attributes`, and the members of `object` as attributes and elements inside it. */
  #element(name: string, attributes: string, object: JsonObject, type: TypeDefinition, depth: number): void {
    let opening = `<${name}${attributes}`;
    for (const key of ['id', 'url']) {
      const value = object[key];
      if (typeof value === 'string' && isAttribute(type, key)) opening += ` ${key}="${escapeAttribute(value)}"`;
    }
    const elements = elementsOf(object, type);
    if (elements.length === 0) {
      this.#line(`${opening}/>`, depth);
      return;
    }
    this.#line(`${opening}>`, depth);
    for (const element of elements) this.#member(object, element, depth + 1);
    this.#line(`</${name}>`, depth);
  }

  #member(object: JsonObject, element: ElementDefinition, depth: number): void {
    const value = object[element.name];
    const companion = object[`_${element.name}`];
    if (!Array.isArray(value) && !Array.isArray(companion)) {
      this.#item(object, element.name, value, companion, element, depth);
      return;
    }
    const values = Array.isArray(value) ? value : [];
    const companions = Array.isArray(companion) ? companion : [];
    for (let index = 0; index < Math.max(values.length, companions.length); index += 1) {
      this.#item(values, index, values[index], companions[index], element, depth);
    }
  }

  /** One value, which stands at `holder[key]`, with its companion. */
  #item(
    holder: object,
    key: string | number,
    value: JsonValue | undefined,
    companion: JsonValue | undefined,
    element: ElementDefinition,
    depth: number,
  ): void {
    const type = this.#definitions.type(element.type) as TypeDefinition;
    if (isObject(value)) {
      if (element.type === 'Resource') this.#wrapped(element.name, value as Resource, depth);
      else this.#element(element.name, '', value, type, depth);
    } else if (element.type === 'xhtml') {
      this.#line(xmlMarkup(String(value)), depth);
    } else {
      const attribute = value === undefined || value === null ? '' : ` value="${attributeText(holder, key, value)}"`;
      this.#element(element.name, attribute, isObject(companion) ? companion : {}, type, depth);
    }
  }

  #wrapped(name: string, resource: Resource, depth: number): void {
    this.#line(`<${name}>`, depth);
    this.resource(resource, '', depth + 1);
    this.#line(`</${name}>`, depth);
  }

  #line(markup: string, depth: number): void {
    this.text += this.#pretty ? `${'  '.repeat(depth)}${markup}\n` : markup;
  }
}

const positions = new WeakMap<TypeDefinition, ReadonlyMap<string, number>>();

function positionsIn(type: TypeDefinition): ReadonlyMap<string, number> {
  const known = positions.get(type);
  if (known) return known;
  const found = new Map([...type.elements.keys()].map((name, index) => [name, index]));
  positions.set(type, found);
  return found;
}

/** The elements that stand in an object, in the order of its type. */
function elementsOf(object: JsonObject, type: TypeDefinition): ElementDefinition[] {
  const found = new Set<ElementDefinition>();
  for (const key of Object.keys(object)) {
    const element = type.elements.get(key.startsWith('_') ? key.slice(1) : key);
    if (element && !isAttribute(type, element.name)) found.add(element);
  }
  const order = positionsIn(type);
  return [...found].sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}

function attributeText(holder: object, key: string | number, value: JsonValue): string {
  return typeof value === 'number' ? digitsOf(holder, key, value) : escapeAttribute(String(value));
}

const escaped: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A character that XML does not have becomes U+FFFD. */
function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]|[^ -\ufffd]/g, (character) => escaped[character] ?? '\ufffd');
}
