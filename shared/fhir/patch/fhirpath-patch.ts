/**
 * FHIR R4 3.1.0.5.2 FHIRPath Patch, over a parsed resource, in place; every fault is 400.
 * AHDS adds `upsert`: `path` names the parent and `name` its child, which is replaced, or added where there is none.
 */
import type { Definitions, ElementDefinition } from '../definitions/definitions.ts';
import { type InParameter, parametersIn } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, Resource } from '../resource/types.ts';
import type { Editor } from './editor.ts';
import { type Content, insertContent, lengthOf, setContent, takeContent } from './element-content.ts';
import { elementsNamed, Finder, type Found, type Place } from './find-elements.ts';
import { checkNumber } from './json-patch.ts';
import { parsePath } from './path-syntax.ts';

/** The operations of a patch. Throws `invalid` for what is none, or has none. */
export function fhirPathOperations(patch: Resource): readonly InParameter[] {
  const operations = parametersIn(patch);
  if (operations.length === 0) throw new FhirError('invalid', 'The patch has no operations.');
  if (operations.some(({ name }) => name !== 'operation')) {
    throw new FhirError('invalid', 'Every parameter of a FHIRPath Patch is called operation.');
  }
  checkNumber(operations.length);
  return operations;
}

export function applyFhirPathPatch(
  resource: Resource,
  operations: readonly InParameter[],
  definitions: Definitions,
  editor: Editor,
): void {
  const patch = new FhirPathPatch(resource, definitions, editor);
  for (const [index, operation] of operations.entries()) {
    try {
      patch.apply(partsOf(operation));
    } catch (error) {
      if (!(error instanceof FhirError) || error.code !== 'invalid') throw error;
      throw new FhirError('invalid', `Operation ${index} of the patch: ${error.message}`);
    }
  }
}

type Parts = ReadonlyMap<string, InParameter>;

function partsOf({ part }: InParameter): Parts {
  const parts = new Map(part.map((each) => [each.name, each]));
  if (parts.size < part.length) throw refused('A part stands twice.');
  return parts;
}

class FhirPathPatch {
  readonly #resource: Resource;
  readonly #definitions: Definitions;
  readonly #editor: Editor;
  readonly #finder: Finder;

  constructor(resource: Resource, definitions: Definitions, editor: Editor) {
    this.#resource = resource;
    this.#definitions = definitions;
    this.#editor = editor;
    this.#finder = new Finder(definitions, editor);
  }

  apply(parts: Parts): void {
    const path = text(parts, 'path');
    const found = this.#finder.find(this.#resource, parsePath(path, this.#resource.resourceType));
    switch (text(parts, 'type')) {
      case 'add':
        this.#add(only(found), text(parts, 'name'), valuePart(parts));
        break;
      case 'upsert':
        this.#upsert(only(found), text(parts, 'name'), valuePart(parts));
        break;
      case 'insert': {
        const { parent, element } = listOf(found);
        const at = indexOf(parts, 'index', found.length);
        insertContent(this.#editor, parent, element, this.#content(element, valuePart(parts)), at);
        break;
      }
      case 'delete':
        takeContent(this.#editor, placeOf(only(found)));
        break;
      case 'replace':
        this.#replace(only(found), valuePart(parts));
        break;
      case 'move': {
        const { parent, element } = listOf(found);
        const source = indexOf(parts, 'source', found.length - 1);
        const destination = indexOf(parts, 'destination', found.length - 1);
        const content = takeContent(this.#editor, { parent, element, at: source });
        insertContent(this.#editor, parent, element, content, destination);
        break;
      }
      default:
        throw refused('The type must be add, insert, delete, replace, move or upsert.');
    }
  }

  #add(to: Found, name: string, value: InParameter): void {
    const parent = isObject(to.value) ? to.value : to.companion;
    if (!parent) throw refused('Nothing can be added to a value.');
    this.#addTo(parent, to.type, name, value);
  }

  #addTo(parent: JsonObject, type: string, name: string, value: InParameter): void {
    const element = this.#elementFor(type, name, value);
    const siblings =
      element.choice === undefined ? [element] : elementsNamed(this.#definitions.type(type), element.choice);
    const present = siblings.some((each) => Object.hasOwn(parent, each.name) || Object.hasOwn(parent, `_${each.name}`));
    if (element.max === 1 && present) throw refused('The element is there already and may not repeat.');
    insertContent(this.#editor, parent, element, this.#content(element, value), lengthOf(parent, element));
  }

  #upsert(parent: Found, name: string, value: InParameter): void {
    const [child, ...more] = this.#finder.children(parent, name);
    if (more.length > 0) throw refused('The element repeats: name the one to replace.');
    if (child) this.#replace(child, value);
    else this.#add(parent, name, value);
  }

  #replace(found: Found, value: InParameter): void {
    const place = placeOf(found);
    const { element } = place;
    const given = value.place?.name.slice('value'.length);
    if (element.choice !== undefined && given !== element.name.slice(element.choice.length)) {
      throw refused('The value is of another type than the one that it replaces.');
    }
    setContent(this.#editor, place, this.#content(element, value));
  }

  /** The element `name` of a type; of a choice the one for the type of the value. */
  #elementFor(type: string, name: string, value: InParameter): ElementDefinition {
    const named = elementsNamed(this.#definitions.type(type), name);
    const given = value.place?.name.slice('value'.length);
    const element = named.length === 1 ? named[0] : named.find((each) => each.name === `${name}${given}`);
    if (element) return element;
    throw refused(named.length === 0 ? 'There is no element of this name.' : 'The element does not take this type.');
  }

  #content(element: ElementDefinition, value: InParameter): Content {
    if (value.resource) return { item: this.#editor.copyOf({ value: value.resource }) };
    if (value.place) {
      const { parameter, name } = value.place;
      const item = this.#editor.at(parameter, name);
      const companion = this.#editor.at(parameter, `_${name}`);
      return {
        ...(item && { item: this.#editor.copyOf(item) }),
        ...(isObject(companion?.value) && { companion: this.#editor.copyOf(companion).value as JsonObject }),
      };
    }
    if (value.part.length === 0) throw refused('The value is missing.');
    const object: JsonObject = {};
    for (const part of value.part) this.#addTo(object, element.type, part.name, part);
    return { item: { value: object } };
  }
}

function text(parts: Parts, name: string): string {
  const value = parts.get(name)?.value;
  if (typeof value === 'string' && value !== '') return value;
  throw refused(`The part '${name}' must be there and hold a text.`);
}

function valuePart(parts: Parts): InParameter {
  const value = parts.get('value');
  if (value) return value;
  throw refused("The part 'value' must be there.");
}

function indexOf(parts: Parts, name: string, most: number): number {
  const value = parts.get(name)?.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw refused(`The part '${name}' must be an index of the list.`);
}

function only([found, ...more]: readonly Found[]): Found {
  if (!found) throw refused('Nothing is found at the path.');
  if (more.length > 0) throw refused('The path leads to more than one element.');
  return found;
}

/** The place of an element; the resource as a whole has none that a patch can change. */
function placeOf({ place }: Found): Place {
  if (place) return place;
  throw refused('The path leads to the whole resource.');
}

/** The one list that `found` is all of. */
function listOf(found: readonly Found[]): Place {
  const [first] = found;
  if (!first) throw refused('Nothing is found at the path.');
  const { parent, element, at } = placeOf(first);
  const together = found.every(({ place }) => place?.parent === parent && place.element === element);
  if (at === undefined || !together || found.length !== lengthOf(parent, element)) {
    throw refused('The path leads to something else than one list.');
  }
  return { parent, element, at };
}

function refused(why: string): FhirError {
  return new FhirError('invalid', why);
}
