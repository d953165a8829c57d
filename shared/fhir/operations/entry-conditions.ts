/** The index entries of a resource as conditions: what another resource must have to be found by the same values. */
import type { IndexEntry, SimpleValue } from '../../stores/resources/index-entry.ts';
import type { Condition, Range, ValueTest } from '../../stores/resources/query.ts';

/**
 * A condition for each entry. Texts are compared exactly, ranges need to overlap. References are left out, and so are
 * composite values (their parts are entries of their own) and concepts without a code.
 */
export function entryConditions(entries: readonly IndexEntry[]): Condition[] {
  return entries.flatMap((entry): Condition[] => {
    const test = entry.kind === 'composite' || entry.kind === 'text' ? undefined : testFor(entry);
    return test ? [{ kind: 'value', param: entry.param, test }] : [];
  });
}

function testFor(value: SimpleValue): ValueTest | undefined {
  switch (value.kind) {
    case 'string':
      return { kind: 'string', match: 'exact', exact: value.exact };
    case 'token':
      if (value.code === null) return undefined;
      return { kind: 'token', code: value.code, ...(value.system !== null && { system: value.system }) };
    case 'date':
    case 'number':
      return { kind: value.kind, range: overlapping(value) };
    case 'quantity':
      return {
        kind: 'quantity',
        range: overlapping(value),
        ...(value.system !== null && { system: value.system }),
        ...(value.code !== null && { code: value.code }),
      };
    case 'uri':
      return { kind: 'uri', match: 'exact', uri: value.uri };
    case 'reference':
      return undefined;
  }
}

function overlapping({ low, high }: { readonly low: number; readonly high: number }): Range {
  return {
    join: 'every',
    bounds: [
      { end: 'low', is: '<=', value: high },
      { end: 'high', is: '>=', value: low },
    ],
  };
}
