/**
 * What a condition means for one resource, decided by its index entries, without a store. Agrees with every store's search:
 * the random searches of each adapter are compared with it.
 */
import { fold, type IndexEntry, type SimpleValue } from './index-entry.ts';
import type { Condition, Range, ValueTest } from './query.ts';

export interface Indexed {
  readonly type: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly updated: number;
  readonly index: readonly IndexEntry[];
}

/** A condition that speaks of other resources too. */
export type Link = Condition & { readonly kind: 'chain' | 'referenced-by' | 'referenced' };

/** `linked` says whether the resource meets a condition that its own entries cannot decide. */
export function meets(resource: Indexed, condition: Condition, linked: (link: Link) => boolean): boolean {
  const some = (param: string, passing: (entry: IndexEntry) => boolean) =>
    resource.index.some((entry) => entry.param === param && passing(entry));
  switch (condition.kind) {
    case 'and':
      return condition.of.every((member) => meets(resource, member, linked));
    case 'or':
      return condition.of.some((member) => meets(resource, member, linked));
    case 'not':
      return !meets(resource, condition.of, linked);
    case 'nothing':
      return false;
    case 'type':
      return condition.types.includes(resource.type);
    case 'id':
      return condition.ids.includes(resource.id);
    case 'updated':
      return within({ low: resource.updated, high: resource.updated }, condition.range);
    case 'present':
      return some(condition.param, () => true);
    case 'value':
      return some(
        condition.param,
        (entry) => entry.kind !== 'composite' && entry.kind !== 'text' && passes(entry, condition.test),
      );
    case 'composite':
      return some(condition.param, (entry) => entry.kind === 'composite' && passesAll(entry.parts, condition.parts));
    case 'text':
      return resource.index.some(
        (entry) =>
          entry.kind === 'text' &&
          (condition.in === 'content' || entry.param === 'Resource._text') &&
          words(entry.text).includes(words(condition.phrase)),
      );
    case 'chain':
    case 'referenced-by':
    case 'referenced':
      return linked(condition);
  }
}

/** The links of a condition, wherever they stand in it; those inside another link are that one's own. */
export function linksIn(condition: Condition): Link[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(linksIn);
    case 'not':
      return linksIn(condition.of);
    case 'chain':
    case 'referenced-by':
    case 'referenced':
      return [condition];
    default:
      return [];
  }
}

function passesAll(values: readonly SimpleValue[], tests: readonly ValueTest[]): boolean {
  return tests.every((test, at) => {
    const value = values[at];
    return value !== undefined && passes(value, test);
  });
}

function passes(value: SimpleValue, test: ValueTest): boolean {
  switch (test.kind) {
    case 'string':
      if (value.kind !== 'string') return false;
      if (test.match === 'exact') return value.exact === test.exact && value.folded === fold(test.exact);
      if (test.match === 'is') return value.folded === test.folded;
      if (test.match === 'ends') return value.folded.endsWith(test.folded);
      return test.match === 'starts' ? value.folded.startsWith(test.folded) : value.folded.includes(test.folded);
    case 'token-set':
      return value.kind === 'token' && value.system === test.system && test.codes.includes(value.code ?? '');
    case 'canonical-quantity':
      if (value.kind !== 'quantity' || value.canonical?.unit !== test.unit) return false;
      return within(value.canonical, test.range);
    case 'point':
      if (value.kind !== 'point') return false;
      return (value.x - test.x) ** 2 + (value.y - test.y) ** 2 + (value.z - test.z) ** 2 <= test.chord ** 2;
    case 'token':
      if (value.kind !== 'token' || !same(value.system, test.system) || !same(value.code, test.code)) return false;
      return test.text === undefined || value.text?.startsWith(test.text) === true;
    case 'quantity':
      if (value.kind !== 'quantity' || !same(value.system, test.system) || !same(value.code, test.code)) return false;
      return within(value, test.range);
    case 'date':
    case 'number':
      return value.kind === test.kind && within(value, test.range);
    case 'uri':
      if (value.kind !== 'uri') return false;
      if (test.match === 'exact') return value.uri === test.uri;
      return test.match === 'above' ? test.uri.startsWith(value.uri) : value.uri.startsWith(test.uri);
    case 'reference':
      return (
        value.kind === 'reference' &&
        same(value.base, test.base) &&
        same(value.type, test.type) &&
        same(value.id, test.id)
      );
  }
}

function same(stored: string | null, tested: string | null | undefined): boolean {
  return tested === undefined || tested === stored;
}

function within(value: { readonly low: number; readonly high: number }, range: Range): boolean {
  const holds = range.bounds.map(({ end, is, value: bound }) => {
    const stored = value[end];
    return is === '<' ? stored < bound : is === '<=' ? stored <= bound : is === '>' ? stored > bound : stored >= bound;
  });
  return range.join === 'every' ? holds.every(Boolean) : holds.some(Boolean);
}

/** Words between blanks, a blank at both ends. */
function words(text: string): string {
  return ` ${text.match(/[\p{L}\p{N}\p{Co}]+/gu)?.join(' ') ?? ''} `;
}
