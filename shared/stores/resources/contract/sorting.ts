import { describe, expect, it } from 'vitest';
import type { IndexKind, IndexValue } from '../index-entry.ts';
import type { Query, SortKey } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import {
  committed,
  entry,
  found,
  names,
  type OpenStore,
  pages,
  put,
  query,
  reference,
  string,
  token,
  tombstone,
  useStore,
} from './setup.ts';

const by = (of: IndexKind, descending = false): SortKey => ({ by: 'param', param: `Basic.${of}`, of, descending });
const date = (low: number, high = low): IndexValue => ({ kind: 'date', low, high });
const number = (value: number): IndexValue => ({ kind: 'number', low: value, high: value });
const quantity = (value: number): IndexValue => ({
  kind: 'quantity',
  system: null,
  code: 'mg',
  low: value,
  high: value,
});
const uri = (value: string): IndexValue => ({ kind: 'uri', uri: value });

/** For each kind: the values of `b` come before those of `a` by the smallest and behind them by the greatest. */
const values: Record<Exclude<IndexKind, 'composite' | 'point'>, Record<'a' | 'b' | 'c', IndexValue[]>> = {
  string: { a: [string('m'), string('n')], b: [string('z'), string('B')], c: [string('n', 'n1')] },
  token: { a: [token('m', 's')], b: [token('z'), token('b', 'z')], c: [token('n')] },
  date: { a: [date(10), date(20)], b: [date(5), date(50)], c: [date(21, 30)] },
  number: { a: [number(10)], b: [number(-1), number(1.5e3)], c: [number(100)] },
  quantity: { a: [quantity(10)], b: [quantity(9), quantity(101)], c: [quantity(100)] },
  uri: { a: [uri('http://m')], b: [uri('http://a'), uri('urn:z')], c: [uri('http://n')] },
  reference: {
    a: [reference('Patient/m')],
    b: [reference('Patient/a'), reference('Group/z')],
    c: [reference('Group/n')],
  },
};
const kinds = Object.keys(values) as (keyof typeof values)[];

async function fill(store: ResourceStore): Promise<void> {
  for (const id of ['none', 'a', 'b', 'c', 'none-too'] as const) {
    const index = id.startsWith('none')
      ? []
      : kinds.flatMap((kind) => values[kind][id as 'a'].map((value) => entry(`Basic.${kind}`, value)));
    await committed(store, put(`Basic/${id}`, { index: [...index, entry('Basic.all', token('x'))] }));
  }
}

export function sortingRules(open: OpenStore): void {
  describe('sorting', () => {
    const store = useStore(open, fill);
    const ascending = ['none', 'none-too', 'b', 'a', 'c'].map((id) => `Basic/${id}`);
    const descending = ['b', 'c', 'a', 'none-too', 'none'].map((id) => `Basic/${id}`);
    const driven = { kind: 'value', param: 'Basic.all', test: { kind: 'token', code: 'x' } } as const;

    it('without a key is in the order of the last change, oldest first', async () => {
      expect(await found(store(), query(undefined, ['Basic']))).toEqual(
        ['none', 'a', 'b', 'c', 'none-too'].map((id) => `Basic/${id}`),
      );
    });

    it.each(kinds)('by %s, ascending: the smallest value counts, none comes first', async (kind) => {
      expect(await found(store(), query(undefined, ['Basic'], [by(kind)]))).toEqual(ascending);
      expect(await found(store(), query(driven, undefined, [by(kind)]))).toEqual(ascending);
    });

    it.each(kinds)('by %s, descending: the greatest value counts, none comes last', async (kind) => {
      expect(withoutTies(await found(store(), query(undefined, ['Basic'], [by(kind, true)])))).toEqual(
        withoutTies(descending),
      );
      expect(withoutTies(await found(store(), query(driven, undefined, [by(kind, true)])))).toEqual(
        withoutTies(descending),
      );
    });

    it('by id, by type and by the time of the last change', async () => {
      await committed(store(), put('Account/z'));
      expect(await found(store(), query(undefined, undefined, [{ by: 'id', descending: false }]))).toEqual([
        'Basic/a',
        'Basic/b',
        'Basic/c',
        'Basic/none',
        'Basic/none-too',
        'Account/z',
      ]);
      expect((await found(store(), query(undefined, undefined, [{ by: 'type', descending: false }])))[0]).toBe(
        'Account/z',
      );
      expect((await found(store(), query(undefined, undefined, [{ by: 'type', descending: true }]))).at(-1)).toBe(
        'Account/z',
      );
      const newest = await found(store(), query(undefined, undefined, [{ by: 'updated', descending: true }]));
      expect(newest).toEqual(['Account/z', 'Basic/none-too', 'Basic/c', 'Basic/b', 'Basic/a', 'Basic/none']);
    });

    it('by the pair of type and time of the last change, in one direction', async () => {
      const pair = (descending: boolean): SortKey[] => [
        { by: 'type', descending },
        { by: 'updated', descending },
      ];
      const up = await found(store(), query(undefined, undefined, pair(false)));
      expect(up[0]).toBe('Account/z');
      expect(await found(store(), query(undefined, undefined, pair(true)))).toEqual(up.toReversed());
    });

    it('by one parameter of several types, as one order', async () => {
      const key = (descending: boolean): SortKey => ({
        by: 'param',
        param: 'Basic.string',
        others: ['Account.string'],
        of: 'string',
        descending,
      });
      const index = (...values: string[]) => values.map((value) => entry('Account.string', string(value)));
      await committed(store(), put('Account/m', { index: index('mm', 'a') }), put('Account/none'));
      await committed(store(), tombstone('Account/z', 1));
      const all = (descending: boolean) => query(undefined, ['Basic', 'Account'], [key(descending)]);
      const whole = await found(store(), all(false));
      expect(whole.slice(-4)).toEqual(['Account/m', 'Basic/b', 'Basic/a', 'Basic/c']);
      expect((await found(store(), all(true))).slice(0, 4)).toEqual(['Basic/b', 'Basic/c', 'Basic/a', 'Account/m']);
      expect((await pages(store(), all(false), 2)).flat()).toEqual(whole);
      await committed(store(), tombstone('Account/m', 1), tombstone('Account/none', 1));
    });

    it('by several keys: the second decides where the first is equal, missing values included', async () => {
      await committed(
        store(),
        put('Basic/equal', { index: [entry('Basic.string', string('m')), entry('Basic.number', number(1))] }),
      );
      const order = await found(
        store(),
        query(undefined, ['Basic'], [by('string'), by('number', true), { by: 'id', descending: true }]),
      );
      expect(order).toEqual(['none-too', 'none', 'b', 'a', 'equal', 'c'].map((id) => `Basic/${id}`));
    });
  });

  describe('paging', () => {
    const store = useStore(open, async (filled) => {
      const index = (at: number) => [
        ...(at % 4 === 0
          ? []
          : [entry('Basic.string', string(`v${at % 3}`)), entry('Basic.string', string(`w${at % 5}`))]),
        ...(at % 5 === 0 ? [] : [entry('Basic.number', number(at % 2))]),
        entry('Basic.all', token('x')),
      ];
      for (let at = 0; at < 23; at += 1) await committed(filled, put(`Basic/${at}`, { index: index(at) }));
    });
    const sorts: [name: string, sort: SortKey[]][] = [
      ['nothing', []],
      ['time', [{ by: 'updated', descending: true }]],
      ['string', [by('string')]],
      ['string, descending', [by('string', true)]],
      ['id, descending', [{ by: 'id', descending: true }]],
      ['number, then string', [by('number', true), by('string')]],
      ['number, then time', [by('number'), { by: 'updated', descending: true }]],
    ];
    const driven = { kind: 'value', param: 'Basic.all', test: { kind: 'token', code: 'x' } } as const;
    const searches = sorts.flatMap(([name, sort]): [string, Query][] => [
      [name, query(undefined, ['Basic'], sort)],
      [`${name}, with a condition`, query(driven, undefined, sort)],
    ]);

    it.each(searches)(
      'by %s: pages of every size make up the whole, in order, each resource once',
      async (_, search) => {
        const whole = names((await store().search(search, 100)).matches);
        expect(whole).toHaveLength(23);
        for (const limit of [1, 2, 7, 22, 23, 24]) {
          const all = await pages(store(), search, limit);
          expect(all.flat()).toEqual(whole);
          expect(all).toHaveLength(Math.ceil(23 / limit));
        }
      },
    );

    it('the page that ends exactly at the last match is the last one', async () => {
      expect((await store().search(query(undefined, ['Basic']), 23)).next).toBeUndefined();
      expect((await store().search(query({ kind: 'nothing' }), 1)).next).toBeUndefined();
    });
  });

  describe('paging while others write', () => {
    const store = useStore(open, async (filled) => {
      for (let at = 0; at < 10; at += 1)
        await committed(filled, put(`Basic/${at}`, { index: [entry('Basic.string', string(`n${at}`))] }));
    });

    it.each([
      ['time', []],
      ['string', [by('string')]],
    ])('by %s: what was there before the first page and did not change is seen once', async (name, sort) => {
      const search = query(undefined, ['Basic'], sort);
      const seen: string[] = [];
      let page = await store().search(search, 3);
      for (let added = 0; ; added += 1) {
        seen.push(...names(page.matches));
        if (page.next === undefined || added > 20) break;
        if (added < 3) {
          const index = [entry('Basic.string', string(`n0${added}`)), entry('Basic.string', string(`n9${added}`))];
          await committed(store(), put(`Basic/${name}-${added}`, { index }));
        }
        page = await store().search(search, 3, page.next);
      }
      const stable = Array.from({ length: 10 }, (_, at) => `Basic/${at}`);
      expect(seen.filter((one) => stable.includes(one))).toEqual(stable);
      expect(new Set(seen).size).toBe(seen.length);
    });

    it.each<[name: string, sort: SortKey[], opposite: SortKey[]]>([
      ['time', [], [{ by: 'updated', descending: true }]],
      ['id', [{ by: 'id', descending: false }], [{ by: 'id', descending: true }]],
    ])(
      'by %s: behind the first of a page, in the opposite order, stands the page before',
      async (_, sort, opposite) => {
        const forward: string[][] = [];
        const backward: string[][] = [];
        const search = query(undefined, ['Basic'], sort);
        let page = await store().search(search, 4);
        for (; page.next !== undefined; page = await store().search(search, 4, page.next))
          forward.push(names(page.matches));
        for (let first = page.first; first !== undefined; ) {
          const before = await store().search(query(undefined, ['Basic'], opposite), 4, first);
          if (before.matches.length > 0) backward.unshift(names(before.matches).toReversed());
          first = before.next;
        }
        expect(backward).toEqual(forward);
      },
    );

    it.each([
      ['time', []],
      ['string', [by('string', true)]],
    ])('by %s: others that change, go or come do not hide or repeat the rest', async (name, sort) => {
      const type = name === 'time' ? 'Flag' : 'Goal';
      const index = (value: string) => [entry('Basic.string', string(value))];
      const expected = new Map<number, number>();
      for (let at = 0; at < 12; at += 1) await committed(store(), put(`${type}/${at}`, { index: index(`n${at}`) }));
      const search = query(undefined, [type], sort);
      const seen: string[] = [];
      let page = await store().search(search, 2);
      for (let round = 0; ; round += 1) {
        seen.push(...names(page.matches));
        if (page.next === undefined || round > 30) break;
        if (round < 4) {
          const version = expected.get(1) ?? 1;
          expected.set(1, version + 1);
          await committed(store(), put(`${type}/1`, { expected: version, index: index(`m${round}`) }));
          await committed(store(), round === 0 ? tombstone(`${type}/2`, 1) : put(`${type}/new${round}`));
        }
        page = await store().search(search, 2, page.next);
      }
      const unchanged = Array.from({ length: 12 }, (_, at) => `${type}/${at}`).filter((one) => !/\/[12]$/.test(one));
      const seenOfThem = seen.filter((one) => unchanged.includes(one));
      expect(seenOfThem.toSorted()).toEqual(unchanged.toSorted());
    });
  });
}

/** Which of two resources without a value comes first is for the store to say. */
function withoutTies(ids: readonly string[]): string[] {
  return ids.map((id) => (id.startsWith('Basic/none') ? 'none' : id));
}
