import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IndexEntry, SimpleValue, TextEntry } from '../../resources/index-entry.ts';
import type { Bound, Condition, Range, SortKey, ValueTest } from '../../resources/query.ts';
import type { Change } from '../../resources/resource-store.ts';
import { Names } from '../names.ts';
import { updatedAt } from '../position.ts';
import { Statements } from '../read/statements.ts';
import { TimeBudget } from '../read/time-budget.ts';
import { migrate } from '../schema.ts';
import { type Indexed, meets } from '../testing/naive-search.ts';
import { seeded } from '../testing/random.ts';
import { GroupCommit } from '../write/group-commit.ts';
import { compileCount, compileSearch } from './search.ts';

const SEARCHES = 1500;
const random = seeded(4711);
const below = (limit: number) => Math.floor(random() * limit);
function one<T>(...of: readonly [T, ...T[]]): T {
  return of[below(of.length)] ?? of[0];
}
const some = <T>(make: () => T, most: number): T[] => Array.from({ length: below(most + 1) }, make);

const types = ['A', 'B', 'C'] as const;
const kinds = ['string', 'token', 'date', 'number', 'quantity', 'uri', 'reference', 'point'] as const;
const id = () => `${below(12)}`;
const word = () => one('a', 'ab', 'abc', 'b', 'ba', 'Ab');
const system = () => one('s', 't', null);

function value(kind: (typeof kinds)[number] = one(...kinds)): SimpleValue {
  const low = below(20);
  const high = one(low, low, low + below(5), low + 90_000_000);
  switch (kind) {
    case 'string': {
      const exact = word();
      return { kind, exact, folded: exact.toLowerCase() };
    }
    case 'token':
      return { kind, system: system(), code: one(word(), null), text: one(word(), null) };
    case 'date':
    case 'number':
      return { kind, low, high };
    case 'quantity':
      return {
        kind,
        system: system(),
        code: one('mg', 'g', null),
        low,
        high,
        ...maybe('canonical', () => ({ unit: one('g', 'm'), low, high })),
      };
    case 'point':
      return { kind, x: below(3), y: below(3), z: below(3) };
    case 'uri':
      return { kind, uri: word() };
    case 'reference':
      return { kind, base: one(null, null, null, 'http://x'), type: one(...types, null), id: id() };
  }
}

function range(): Range {
  const bounds = Array.from(
    { length: 1 + below(2) },
    (): Bound => ({ end: one('low', 'high'), is: one('<', '<=', '>', '>='), value: below(22) }),
  );
  return { join: one('every', 'every', 'some'), bounds };
}

function test(kind: (typeof kinds)[number]): ValueTest {
  switch (kind) {
    case 'string': {
      const match = one('starts', 'contains', 'ends', 'is', 'exact');
      return match === 'exact' ? { kind, match, exact: word() } : { kind, match, folded: word().toLowerCase() };
    }
    case 'point':
      return { kind, x: below(3), y: below(3), z: below(3), chord: below(4) };
    case 'token':
      if (below(4) === 0) return { kind: 'token-set', system: one('s', 't'), codes: some(word, 4) };
      return { kind, ...maybe('system', system), ...maybe('code', word), ...(below(4) ? {} : { text: word() }) };
    case 'date':
    case 'number':
      return { kind, range: range() };
    case 'quantity':
      if (below(3) === 0) return { kind: 'canonical-quantity', unit: one('g', 'm'), range: range() };
      return { kind, ...maybe('system', system), ...maybe('code', () => one('mg', 'g')), range: range() };
    case 'uri':
      return { kind, match: one('exact', 'above', 'below'), uri: word() };
    case 'reference':
      return {
        kind,
        ...maybe('base', () => one(null, 'http://x')),
        ...maybe('type', () => one(...types, null)),
        ...maybe('id', id),
      };
  }
}

function maybe<K extends string, V>(key: K, make: () => V): { [P in K]?: V } {
  return below(2) ? ({ [key]: make() } as { [P in K]?: V }) : {};
}

/** By many parameters, as the resources of a compartment do, or of a type. */
function referringToOne(): Condition {
  const test = { kind: 'reference', base: null, type: one(...types), id: id() } as const;
  const params = types.flatMap((type) => kinds.map((kind) => `${type}.${kind}` as const));
  const refers = params.map((param): Condition => ({ kind: 'value', param, test }));
  return { kind: 'or', of: below(2) === 0 ? refers : [...refers, { kind: 'type', types: [one(...types)] }] };
}

function condition(depth: number): Condition {
  const type = one(...types, 'Resource' as const);
  const kind = one(...kinds);
  const inner = () => condition(depth - 1);
  const leaf = below(11);
  if (depth > 0 && below(2)) {
    switch (below(6)) {
      case 0:
      case 1:
        return { kind: 'and', of: some(inner, 3) };
      case 2:
        return { kind: 'or', of: some(inner, 4) };
      case 3:
        return { kind: 'not', of: inner() };
      case 4:
        return {
          kind: 'chain',
          param: `${one(...types)}.reference`,
          types: some(() => one(...types), 2),
          where: inner(),
        };
      default:
        return { kind: 'referenced-by', source: one(...types), param: `${one(...types)}.reference`, where: inner() };
    }
  }
  if (below(20) === 0) {
    const by = some(() => `${one(...types)}.reference` as const, 3);
    return { kind: 'referenced', by, ...(below(2) === 0 && { where: condition(0) }) };
  }
  if (below(20) === 0) return referringToOne();
  if (leaf === 0) return { kind: 'type', types: some(() => one(...types), 3) };
  if (leaf === 1) return { kind: 'id', ids: some(id, 4) };
  if (leaf === 2)
    return {
      kind: 'updated',
      range: { join: 'every', bounds: [{ end: 'low', is: one('<', '<=', '>', '>='), value: 1000 + below(80) }] },
    };
  if (leaf === 3)
    return one<Condition>(
      { kind: 'present', param: `${type}.${kind}`, of: kind },
      { kind: 'present', param: `${type}.composite`, of: 'composite' },
    );
  if (leaf === 6)
    return { kind: 'text', in: one('narrative', 'content'), phrase: one(word(), `${word()} ${word()}`).toLowerCase() };
  if (leaf === 4) return { kind: 'composite', param: `${type}.composite`, parts: [test('token'), test('quantity')] };
  if (leaf === 5)
    return {
      kind: 'or',
      of: Array.from({ length: 1 + below(14) }, () => ({ kind: 'value', param: `${type}.${kind}`, test: test(kind) })),
    };
  return { kind: 'value', param: `${type}.${kind}`, test: test(kind) };
}

function sortKeys(): SortKey[] {
  const descending = below(2) === 0;
  const key = (): SortKey => {
    const of = one(...kinds);
    return below(3)
      ? {
          by: 'param',
          param: `${one(...types, 'Resource' as const)}.${of}`,
          ...(below(3) ? {} : { others: [`${one(...types)}.${of}`] }),
          of,
          descending: below(2) === 0,
        }
      : { by: one('updated', 'id', 'type'), descending };
  };
  return some(key, 2);
}

describe('any search finds what looking at every resource finds', () => {
  const database = new DatabaseSync(':memory:');
  const all: (Indexed & { position: number })[] = [];
  let statements: Statements;

  beforeAll(() => {
    migrate(database);
    database.prepare('INSERT INTO store VALUES (1, 0, ?)').run(new Uint8Array(32));
    let now = 1000;
    const group = new GroupCommit(database, () => now);
    for (const type of types) {
      for (let at = 0; at < 12; at += 1) {
        const entry = (): IndexEntry => {
          const made = value();
          return { param: `${one(type, 'Resource' as const)}.${made.kind}`, ...made };
        };
        const composite = (): IndexEntry => ({
          param: `${one(type, 'Resource' as const)}.composite`,
          kind: 'composite',
          parts: [value('token'), value('quantity')],
        });
        const words = (param: TextEntry['param']): TextEntry => {
          return { param, kind: 'text', text: some(word, 4).join(' ').toLowerCase() };
        };
        const texts = [
          ...(below(2) ? [words('Resource._content')] : []),
          ...(below(2) ? [words('Resource._text')] : []),
        ];
        const index = [...some(entry, 9), ...some(composite, 3), ...texts];
        const change: Change = {
          kind: 'put',
          key: { type, id: `${at}` },
          expected: 0,
          method: 'PUT',
          body: new Uint8Array(1),
          index,
          keepPrevious: true,
        };
        now += below(4);
        group.add({
          changes: [change],
          guards: [],
          answer: (outcome) => {
            if (outcome instanceof Error || !outcome.done) throw outcome;
            const position = outcome.stamps[0]?.position ?? 0;
            all.push({ type, id: `${at}`, updated: updatedAt(position), position, index });
          },
        });
        group.flush();
      }
    }
    new TimeBudget(database);
    statements = new Statements(database, new Names(database));
  });

  it(`in ${SEARCHES} searches at random, whatever the counts say, on every page`, () => {
    for (let search = 0; search < SEARCHES; search += 1) {
      const query = {
        types: below(3) ? undefined : some((): string => one(...types), 2),
        where: below(9) ? condition(3) : undefined,
        sort: sortKeys(),
      };
      const told = JSON.stringify(query);
      const expected = all
        .filter(
          (resource) =>
            (query.types?.includes(resource.type) ?? true) &&
            (query.where === undefined || meets(resource, query.where, all)),
        )
        .map(({ position }) => position);
      const counts = () => one(0, 50, 500, 5000, 5000);
      expect(statements.number(compileCount(query, counts)), told).toBe(expected.length);
      const whole = paged(1000, counts);
      expect(
        whole.toSorted((a, b) => a - b),
        told,
      ).toEqual(expected);
      expect(paged(1 + below(5), counts), told).toEqual(whole);

      function paged(limit: number, count: () => number): number[] {
        const seen: number[] = [];
        let after: (string | number | null)[] | undefined;
        for (;;) {
          const { statements: texts, keys } = compileSearch(query, limit, after, count);
          const rows = texts.flatMap((text) => statements.rows(text)).slice(0, limit);
          const last = rows.at(-1);
          seen.push(...rows.map(({ position }) => Number(position)));
          if (rows.length < limit || last === undefined) return seen;
          const values = Array.from({ length: keys }, (_, at) => last[`k${at}`] as string | number | null | undefined);
          after = [...values.map((value) => value ?? null), Number(last.position)];
        }
      }
    }
  });
});
