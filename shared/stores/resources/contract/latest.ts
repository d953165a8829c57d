import { describe, expect, it } from 'vitest';
import type { IndexEntry, IndexValue } from '../index-entry.ts';
import type { Condition } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import { committed, entry, type OpenStore, put, query, reference, token, tombstone, useStore } from './setup.ts';

const day = (number: number): IndexValue => ({ kind: 'date', low: number, high: number + 1 });

function observation(id: string, patient: string, date: number | undefined, ...codes: IndexValue[]) {
  const index: IndexEntry[] = [
    entry('Observation.subject', reference(`Patient/${patient}`)),
    ...codes.map((code) => entry('Observation.code', code)),
    ...(date === undefined ? [] : [entry('Observation.date', day(date))]),
  ];
  return put(`Observation/${id}`, { index });
}

const [a, b, c] = [token('a', 's'), token('b', 's'), token('c', 's')];

async function fill(store: ResourceStore): Promise<void> {
  await committed(
    store,
    observation('a1', 'codes', 10, a),
    observation('a2', 'codes', 20, a),
    observation('a3', 'codes', 15, a),
    observation('other-system', 'codes', 5, token('a', 't')),
    observation('b-undated', 'codes', undefined, b),
    observation('b1', 'codes', 1, b),
    observation('someone-else', 'nobody', 99, a),

    observation('x', 'chained', 1, a),
    observation('y', 'chained', 2, b),
    observation('z', 'chained', 3, c),
    observation('old-bridge', 'chained', 0, a, b),

    observation('t1', 'ties', 7, a),
    observation('t2', 'ties', 7, a),
    observation('t3', 'ties', 6, a),

    observation('text1', 'texts', 1, token(null, null, 'pulse')),
    observation('text2', 'texts', 2, token(null, null, 'pulse')),
    observation('text3', 'texts', 3, token(null, null, 'rate')),
    observation('coded1', 'texts', 4, a, token(null, null, 'pulse')),
    observation('none1', 'texts', 5),
    observation('none2', 'texts', 6),

    observation('kept', 'changed', 1, a),
    observation('gone', 'changed', 2, a),
  );
  await committed(store, tombstone('Observation/gone', 1));
}

export function latestRules(open: OpenStore): void {
  describe('the latest of each group', () => {
    const store = useStore(open, fill);
    const latest = async (patient: string, max: number, most = 100): Promise<string[][]> => {
      const where: Condition = {
        kind: 'value',
        param: 'Observation.subject',
        test: { kind: 'reference', type: 'Patient', id: patient },
      };
      const groups = await store().latest(
        { query: query(where, ['Observation']), by: 'Observation.code', date: 'Observation.date', max },
        most,
      );
      return groups.map((group) => group.map(({ id }) => id));
    };

    it('takes the latest of each system and code, the group with the latest first', async () => {
      expect(await latest('codes', 1)).toEqual([['a2'], ['other-system'], ['b1']]);
    });

    it('takes max of each, from the latest to the oldest, those without a date last', async () => {
      expect(await latest('codes', 2)).toEqual([['a2', 'a3'], ['other-system'], ['b1', 'b-undated']]);
    });

    it('puts codes together that a resource has both, even when that resource is not among the latest', async () => {
      expect(await latest('chained', 1)).toEqual([['z'], ['y']]);
      expect(await latest('chained', 2)).toEqual([['z'], ['y', 'x']]);
    });

    it('adds those that are as late as the last', async () => {
      expect(await latest('ties', 1)).toEqual([['t2', 't1']]);
      expect(await latest('ties', 3)).toEqual([['t2', 't1', 't3']]);
    });

    it('groups by text where there is no code, and those without either', async () => {
      expect(await latest('texts', 2)).toEqual([['none2', 'none1'], ['coded1'], ['text3'], ['text2', 'text1']]);
    });

    it('looks at current resources only', async () => {
      expect(await latest('changed', 1)).toEqual([['kept']]);
    });

    it('is empty where nothing matches', async () => {
      expect(await latest('absent', 1)).toEqual([]);
    });

    it('is refused when it would be more than the caller takes', async () => {
      await expect(latest('codes', 2, 3)).rejects.toThrow('too many');
    });

    it('brings resources whole', async () => {
      const [group] = await store().latest(
        { query: query(undefined, ['Observation']), by: 'Observation.code', date: 'Observation.date', max: 1 },
        100,
      );
      expect(group?.[0]).toEqual(await store().read({ type: 'Observation', id: 'someone-else' }));
    });
  });
}
