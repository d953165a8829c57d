/** What a condition means, by looking at every resource: slow, and too simple to be wrong in the same way as the SQL. */
import { fold, type IndexEntry, type SimpleValue } from '../../resources/index-entry.ts';
import type { Condition, Range, ValueTest } from '../../resources/query.ts';

export interface Indexed {
  readonly type: string;
  readonly id: string;
  readonly updated: number;
  readonly index: readonly IndexEntry[];
}

export function meets(resource: Indexed, condition: Condition, all: readonly Indexed[]): boolean {
  const values = (param: string) => resource.index.filter((entry) => entry.param === param);
  switch (condition.kind) {
    case 'and':
      return condition.of.every((member) => meets(resource, member, all));
    case 'or':
      return condition.of.some((member) => meets(resource, member, all));
    case 'not':
      return !meets(resource, condition.of, all);
    case 'nothing':
      return false;
    case 'type':
      return condition.types.includes(resource.type);
    case 'id':
      return condition.ids.includes(resource.id);
    case 'updated':
      return within({ low: resource.updated, high: resource.updated }, condition.range);
    case 'present':
      return values(condition.param).length > 0;
    case 'value':
      return values(condition.param).some(
        (entry) => entry.kind !== 'composite' && entry.kind !== 'text' && passes(entry, condition.test),
      );
    case 'composite':
      return values(condition.param).some(
        (entry) =>
          entry.kind === 'composite' &&
          condition.parts.every((test, at) => {
            const part = entry.parts[at];
            return part !== undefined && passes(part, test);
          }),
      );
    case 'text':
      return resource.index.some(
        (entry) =>
          entry.kind === 'text' &&
          (condition.in === 'content' || entry.param === 'Resource._text') &&
          words(entry.text).includes(words(condition.phrase)),
      );
    case 'chain':
      return values(condition.param).some((entry) =>
        all.some(
          (other) => condition.types.includes(other.type) && refers(entry, other) && meets(other, condition.where, all),
        ),
      );
    case 'referenced-by':
      return all.some(
        (other) =>
          other.type === condition.source &&
          other.index.some((entry) => entry.param === condition.param && refers(entry, resource)) &&
          meets(other, condition.where, all),
      );
    case 'referenced':
      return all.some((other) =>
        other.index.some((entry) => condition.by.includes(entry.param) && refers(entry, resource)),
      );
  }
}

/** Words between blanks, a blank at both ends. */
function words(text: string): string {
  return ` ${text.match(/[\p{L}\p{N}\p{Co}]+/gu)?.join(' ') ?? ''} `;
}

function refers(entry: IndexEntry, { type, id }: Indexed): boolean {
  return entry.kind === 'reference' && entry.base === null && entry.type === type && entry.id === id;
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
