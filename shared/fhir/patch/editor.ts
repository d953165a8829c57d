/**
 * Changes to a parsed resource, in place. Numbers take the digits that they came with along; a patch may cost and may grow
 * only so much, whatever it says; what a removal leaves empty goes too, because FHIR has no empty objects and lists.
 */
import { FhirError } from '../outcome.ts';
import { digitsOf, isObject, maxDepth, noteHolder, replaceDigits, shiftDigits } from '../resource/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../resource/types.ts';

export type Holder = JsonObject | JsonArray;

/** A value with its digits, where it is a number. */
export interface Item {
  readonly value: JsonValue;
  readonly digits?: string;
}

/** Elements looked at, moved and made by one patch. */
const maxWork = 5_000_000;
/** What an element made by copying one of the resource costs: it may grow by some hundred thousand. */
const copyCost = 10;

export class Editor {
  #work = 0;
  readonly #emptied = new WeakSet<object>();

  /** Counts work; throws `too-costly` when it is too much for one patch. */
  spend(work: number): void {
    this.#work += work;
    if (this.#work > maxWork) throw new FhirError('too-costly', 'The patch asks for too much work.');
  }

  /** What stands at `holder[key]`; undefined when nothing does. */
  at(holder: Holder, key: string | number): Item | undefined {
    if (!Object.hasOwn(holder, key)) return undefined;
    const value = (holder as Record<string | number, JsonValue | undefined>)[key];
    if (value === undefined) return undefined;
    return typeof value === 'number' ? { value, digits: digitsOf(holder, key, value) } : { value };
  }

  put(holder: Holder, key: string | number, { value, digits }: Item): void {
    if (key === '__proto__') throw new FhirError('invalid', 'The property name is not allowed.');
    this.spend(1);
    (holder as Record<string | number, JsonValue>)[key] = value;
    replaceDigits(holder, key, digits);
  }

  insert(list: JsonArray, index: number, item: Item): void {
    this.spend(list.length);
    list.splice(index, 0, item.value);
    shiftDigits(list, index, 1);
    replaceDigits(list, index, item.digits);
  }

  /** Removes what stands at `holder[key]`. */
  remove(holder: Holder, key: string | number): void {
    if (Array.isArray(holder)) {
      this.spend(holder.length);
      holder.splice(Number(key), 1);
      shiftDigits(holder, Number(key), -1);
    } else {
      this.spend(1);
      delete holder[key];
    }
    if (isEmpty(holder)) this.#emptied.add(holder);
  }

  /** A deep copy of what the patch itself brings. */
  copyOf(item: Item): Item {
    return this.#copyOf(item, 1, 1);
  }

  /** A deep copy of a part of the resource, which makes it grow. */
  duplicateOf(item: Item): Item {
    return this.#copyOf(item, copyCost, 1);
  }

  #copyOf(item: Item, cost: number, depth: number): Item {
    const { value } = item;
    this.spend(cost > 1 && typeof value === 'string' ? cost + value.length : cost);
    if (typeof value !== 'object' || value === null) return item;
    checkDepth(depth);
    const copy: Holder = Array.isArray(value) ? [] : {};
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      const member = this.at(value, key);
      if (member) this.put(copy, key, this.#copyOf(member, cost, depth + 1));
    }
    return { value: copy };
  }

  /** To be called once after the last change: takes away what became empty, and lets the digits be found. */
  finish(root: JsonObject): void {
    this.#finish(root, 1);
  }

  #finish(holder: Holder, depth: number): void {
    checkDepth(depth);
    const keys = Array.isArray(holder) ? [...holder.keys()].reverse() : Object.keys(holder);
    for (const key of keys) {
      const member = (holder as Record<string | number, JsonValue | undefined>)[key];
      if (typeof member !== 'object' || member === null) continue;
      this.#finish(member, depth + 1);
      if (isEmpty(member) && this.#emptied.has(member)) this.remove(holder, key);
      else noteHolder(holder, member);
    }
  }
}

function isEmpty(holder: Holder): boolean {
  return Array.isArray(holder) ? holder.length === 0 : Object.keys(holder).length === 0;
}

export function checkDepth(depth: number): void {
  if (depth <= maxDepth) return;
  throw new FhirError('structure', `A resource may be nested at most ${maxDepth} levels deep.`);
}

/** RFC 6902 4.6: equal in kind and content; the order of members does not count. */
export function areEqual(editor: Editor, one: JsonValue | undefined, other: JsonValue | undefined, depth = 1): boolean {
  editor.spend(1);
  checkDepth(depth);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => areEqual(editor, item, other[index], depth + 1));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && areEqual(editor, one[name], other[name], depth + 1))
  );
}
