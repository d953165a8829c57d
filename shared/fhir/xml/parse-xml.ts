/**
 * FHIR XML → the same tree that `resource/json.ts` makes of JSON, driven by the definitions: they tell arrays, numbers and
 * booleans. Source: FHIR R4 2.6.1. Elements may come in any order.
 */
import type { Definitions, ElementDefinition, TypeDefinition } from '../definitions/definitions.ts';
import type { FhirError } from '../outcome.ts';
import { decodeUtf8, keepDigits, maxDepth, maxNumberLength, noteHolder, numberPattern } from '../resource/json.ts';
import type { JsonArray, JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { fhirNamespace, isAttribute, xhtmlNamespace } from './attributes.ts';
import { type StartTag, XmlSource } from './xml-source.ts';

const numberTypes = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
const numberText = new RegExp(`^(?:${numberPattern.source})$`);

/** The resource of an XML document in UTF-8. Throws `FhirError('structure')` with line and column for anything else. */
export function parseXml(bytes: Uint8Array, definitions: Definitions): Resource {
  const source = new XmlSource(decodeUtf8(bytes));
  const resource = new ResourceReader(source, definitions).resource(source.root(), 1);
  source.end();
  return resource;
}

/** Recursion is bounded by `maxDepth`, which counts as in JSON: objects and arrays. */
class ResourceReader {
  readonly #source: XmlSource;
  readonly #definitions: Definitions;

  constructor(source: XmlSource, definitions: Definitions) {
    this.#source = source;
    this.#definitions = definitions;
  }

  resource(tag: StartTag, depth: number): Resource {
    this.#checkNamespace(tag, fhirNamespace);
    const type = this.#definitions.isResourceType(tag.name) && this.#definitions.type(tag.name);
    if (!type) throw this.#fault(tag, 'The element is not a resource type of R4');
    const resource: Resource = { resourceType: tag.name };
    this.#readAttributes(tag, resource, type);
    this.#readElements(tag, resource, type, depth);
    return resource;
  }

  #object(tag: StartTag, type: TypeDefinition, depth: number): JsonObject {
    const object: JsonObject = {};
    this.#readAttributes(tag, object, type);
    this.#readElements(tag, object, type, depth);
    return object;
  }

  #readAttributes(tag: StartTag, object: JsonObject, type: TypeDefinition): void {
    for (const { name, value } of tag.attributes) {
      if (name === 'value' && type.kind === 'primitive-type') continue;
      if (!isAttribute(type, name)) throw this.#fault(tag, 'The element has an attribute that it must not have');
      object[name] = value;
    }
  }

  #readElements(parent: StartTag, object: JsonObject, type: TypeDefinition, depth: number): void {
    if (depth > maxDepth) throw this.#fault(parent, `A resource may be nested at most ${maxDepth} levels deep`);
    const withCompanions = new Set<string>();
    for (let tag = this.#source.child(); tag; tag = this.#source.child()) {
      const element = isAttribute(type, tag.name) ? undefined : type.elements.get(tag.name);
      if (!element) throw this.#fault(tag, 'The element is unknown here');
      this.#checkNamespace(tag, element.type === 'xhtml' ? xhtmlNamespace : fhirNamespace);
      if (element.max === 1) this.#putOnce(tag, element, object, depth + 1);
      else if (this.#addToList(tag, element, object, depth + 2)) withCompanions.add(element.name);
    }
    for (const name of withCompanions) alignCompanions(object, name);
  }

  #putOnce(tag: StartTag, element: ElementDefinition, object: JsonObject, depth: number): void {
    const { name } = element;
    if (Object.hasOwn(object, name) || Object.hasOwn(object, `_${name}`)) {
      throw this.#fault(tag, 'The element may be there only once');
    }
    const companion = this.#put(tag, element, object, name, depth);
    if (!companion) return;
    object[`_${name}`] = companion;
    noteHolder(object, companion);
  }

  /** Whether the value had a companion. */
  #addToList(tag: StartTag, element: ElementDefinition, object: JsonObject, depth: number): boolean {
    const list = listAt(object, element.name);
    const index = list.length;
    const companion = this.#put(tag, element, list, index, depth);
    noteHolder(object, list);
    if (!companion) return false;
    const companions = listAt(object, `_${element.name}`);
    pad(companions, index);
    companions.push(companion);
    noteHolder(companions, companion);
    noteHolder(object, companions);
    return true;
  }

  /** Puts the value of an element at `holder[key]`; gives what a primitive value has besides, if it has any. */
  #put(
    tag: StartTag,
    element: ElementDefinition,
    holder: JsonObject | JsonArray,
    key: string | number,
    depth: number,
  ): JsonObject | undefined {
    const members = holder as Record<string | number, JsonValue>;
    const type = this.#definitions.type(element.type) as TypeDefinition;
    if (type.kind !== 'primitive-type' || element.type === 'xhtml') {
      const value = this.#content(tag, element, type, depth);
      members[key] = value;
      noteHolder(holder, value);
      return undefined;
    }
    const text = tag.attributes.find(({ name }) => name === 'value')?.value;
    const companion = this.#object(tag, type, depth);
    const isEmpty = Object.keys(companion).length === 0;
    if (text === undefined && isEmpty) throw this.#fault(tag, 'The element has neither value nor content');
    if (text !== undefined) members[key] = this.#value(tag, element.type, text, holder, key);
    else if (Array.isArray(holder)) members[key] = null;
    return isEmpty ? undefined : companion;
  }

  #content(tag: StartTag, element: ElementDefinition, type: TypeDefinition, depth: number): JsonValue {
    if (element.type === 'xhtml') return this.#div(tag);
    return element.type === 'Resource' ? this.#wrapped(tag, depth) : this.#object(tag, type, depth);
  }

  #value(tag: StartTag, type: string, text: string, holder: object, key: string | number): JsonValue {
    if (type === 'boolean') {
      if (text !== 'true' && text !== 'false') throw this.#fault(tag, 'The value must be true or false');
      return text === 'true';
    }
    if (!numberTypes.has(type)) return text;
    const digits = text.startsWith('+') ? text.slice(1) : text;
    if (digits.length > maxNumberLength) throw this.#fault(tag, `A number has at most ${maxNumberLength} characters`);
    const value = Number(digits);
    if (!numberText.test(digits) || !Number.isFinite(value)) throw this.#fault(tag, 'The value must be a number');
    keepDigits(holder, key, digits);
    return value;
  }

  /** The narrative as text. It is cut out as it is written, so its namespace must be its own. */
  #div(tag: StartTag): string {
    const text = this.#source.markupOf(tag);
    if (tag.prefix === '') return text;
    throw this.#fault(tag, `The narrative must be written without a prefix: <div xmlns="${xhtmlNamespace}">`);
  }

  /** `contained`, `Bundle.entry.resource`: an element around one resource. */
  #wrapped(tag: StartTag, depth: number): Resource {
    const inner = this.#source.child();
    if (!inner || tag.attributes.length > 0) throw this.#fault(tag, 'The element holds a resource and nothing else');
    const resource = this.resource(inner, depth);
    const second = this.#source.child();
    if (second) throw this.#fault(second, 'Only one resource may stand here');
    return resource;
  }

  #checkNamespace(tag: StartTag, namespace: string): void {
    if (tag.namespace !== namespace) throw this.#fault(tag, `The element must be in the namespace ${namespace}`);
  }

  #fault(tag: StartTag, message: string): FhirError {
    return this.#source.fault(message, tag.at);
  }
}

function listAt(object: JsonObject, name: string): JsonArray {
  const list = (object[name] ?? []) as JsonArray;
  object[name] = list;
  return list;
}

function pad(list: JsonArray, length: number): void {
  while (list.length < length) list.push(null);
}

/** R4 2.6.2.3: both arrays are of one length, filled with null; an array without any value is left out. */
function alignCompanions(object: JsonObject, name: string): void {
  const values = object[name] as JsonArray;
  pad(object[`_${name}`] as JsonArray, values.length);
  if (values.every((value) => value === null)) delete object[name];
}
