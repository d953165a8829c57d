/** The elements of a resource that a path leads to, each with the place where it stands, so that it can be changed. */
import type { Definitions, ElementDefinition, TypeDefinition } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import type { Editor } from './editor.ts';
import type { Step, Test } from './path-syntax.ts';

export interface Place {
  readonly parent: JsonObject;
  readonly element: ElementDefinition;
  /** In the list of the element; undefined when it is none. */
  readonly at: number | undefined;
}

export interface Found {
  /** Of a resource: its own type, where it stands inside another. */
  readonly type: string;
  /** Null: a primitive that has nothing but extensions. */
  readonly value: JsonValue;
  /** What a primitive has besides its value. */
  readonly companion: JsonObject | undefined;
  /** Undefined: the whole resource. */
  readonly place: Place | undefined;
}

export class Finder {
  readonly #definitions: Definitions;
  readonly #editor: Editor;

  constructor(definitions: Definitions, editor: Editor) {
    this.#definitions = definitions;
    this.#editor = editor;
  }

  find(resource: Resource, path: readonly Step[]): readonly Found[] {
    return this.#walk([{ type: resource.resourceType, value: resource, companion: undefined, place: undefined }], path);
  }

  /** The elements called `name` in `found`; a choice is called without its type, `value`. */
  children(found: Found, name: string): Found[] {
    const holder = isObject(found.value) ? found.value : found.companion;
    if (!holder) return [];
    return elementsNamed(this.#definitions.type(found.type), name).flatMap((element) => this.#items(holder, element));
  }

  #items(parent: JsonObject, element: ElementDefinition): Found[] {
    const { name } = element;
    const value = Object.hasOwn(parent, name) ? parent[name] : undefined;
    const companion = Object.hasOwn(parent, `_${name}`) ? parent[`_${name}`] : undefined;
    if (value === undefined && companion === undefined) return [];
    if (!Array.isArray(value) && !Array.isArray(companion)) return [this.#found(parent, element, value, companion)];
    const values = Array.isArray(value) ? value : [];
    const companions = Array.isArray(companion) ? companion : [];
    const length = Math.max(values.length, companions.length);
    return Array.from({ length }, (_, at) => this.#found(parent, element, values[at], companions[at], at));
  }

  #found(
    parent: JsonObject,
    element: ElementDefinition,
    value: JsonValue = null,
    companion: JsonValue = null,
    at?: number,
  ): Found {
    this.#editor.spend(1);
    const inside = element.type === 'Resource' && isObject(value) && typeof value.resourceType === 'string';
    return {
      type: inside ? String(value.resourceType) : element.type,
      value,
      companion: isObject(companion) ? companion : undefined,
      place: { parent, element, at },
    };
  }

  #walk(from: readonly Found[], path: readonly Step[]): readonly Found[] {
    return path.reduce((found, step) => this.#step(found, step), from);
  }

  #step(found: readonly Found[], step: Step): readonly Found[] {
    this.#editor.spend(found.length);
    switch (step.kind) {
      case 'child':
        return found.flatMap((each) => this.children(each, step.name));
      case 'index':
        return found.slice(step.at, step.at + 1);
      case 'first':
        return found.slice(0, 1);
      case 'last':
        return found.slice(-1);
      case 'ofType':
        return found.filter(({ type }) => type === step.type);
      case 'where':
        return found.filter((each) => this.#passes(each, step.test) === true);
    }
  }

  /** FHIRPath's three values: undefined where there is nothing to compare. */
  #passes(from: Found, test: Test): boolean | undefined {
    this.#editor.spend(1);
    switch (test.kind) {
      case 'and':
      case 'or': {
        const decisive = test.kind === 'or';
        const left = this.#passes(from, test.left);
        if (left === decisive) return left;
        const right = this.#passes(from, test.right);
        return right === decisive ? right : left === undefined ? undefined : right;
      }
      case 'not': {
        const passed = this.#passes(from, test.of);
        return passed === undefined ? undefined : !passed;
      }
      case 'exists':
        return this.#walk([from], test.path).length > 0;
      case 'equals': {
        const [only, ...more] = this.#walk([from], test.path);
        return only && more.length === 0 && only.value === test.equals;
      }
      case 'text': {
        const [only] = this.#walk([from], test.path);
        return typeof only?.value === 'string' ? only.value[textMethods[test.is]](test.text) : undefined;
      }
    }
  }
}

const textMethods = { startsWith: 'startsWith', endsWith: 'endsWith', contains: 'includes' } as const;

/** `valueQuantity` is its one element, `value` the elements of all its types. */
export function elementsNamed(type: TypeDefinition | undefined, name: string): readonly ElementDefinition[] {
  const exact = type?.elements.get(name);
  if (exact) return [exact];
  return [...(type?.elements.values() ?? [])].filter(({ choice }) => choice === name);
}
