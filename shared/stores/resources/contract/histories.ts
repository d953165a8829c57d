import { describe, expect, it } from 'vitest';
import type { Condition } from '../query.ts';
import type { HistoryQuery, ResourceStore } from '../resource-store.ts';
import { committed, type OpenStore, put, tombstone, useStore } from './setup.ts';

/** Commits that are sure to differ in their time stamps. */
async function apart(store: ResourceStore, ...changes: Parameters<typeof committed>[1][]): Promise<number[]> {
  const times: number[] = [];
  for (const change of changes) {
    const [stamp] = await committed(store, change);
    times.push(stamp?.updated ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return times;
}

function ids(...all: string[]): Condition {
  return { kind: 'id', ids: all };
}

export function historyRules(open: OpenStore): void {
  describe('history', () => {
    let times: number[] = [];
    const store = useStore(open, async (filled) => {
      times = await apart(
        filled,
        put('Patient/1', { method: 'POST' }),
        put('Group/1'),
        put('Patient/1', { expected: 1 }),
        put('Patient/2'),
        tombstone('Patient/1', 2),
      );
    });
    const all = ['Patient/1 1', 'Group/1 1', 'Patient/1 2', 'Patient/2 1', 'Patient/1 3'];
    const at = (index: number) => times[index] ?? 0;
    const read = async (history: HistoryQuery, limit = 100): Promise<string[]> => {
      const seen: string[] = [];
      let page = await store().history(history, limit);
      for (;;) {
        seen.push(...page.matches.map(({ type, id, version }) => `${type}/${id} ${version}`));
        if (page.next === undefined) break;
        page = await store().history(history, limit, JSON.parse(JSON.stringify(page.next)));
      }
      expect(await store().countHistory(history)).toBe(seen.length);
      return seen;
    };
    const cases: [rule: string, query: () => Omit<HistoryQuery, 'oldestFirst'>, finds: string[]][] = [
      ['the service', () => ({}), all],
      ['a type', () => ({ type: 'Patient' }), all.filter((one) => one.startsWith('Patient'))],
      ['a resource', () => ({ type: 'Patient', id: '1' }), all.filter((one) => one.startsWith('Patient/1'))],
      ['an id that was never used', () => ({ type: 'Patient', id: '9' }), []],
      ['a type that was never used', () => ({ type: 'Basic' }), []],
      ['the time since, inclusive', () => ({ since: at(2) }), all.slice(2)],
      ['the time before, exclusive', () => ({ before: at(2) }), all.slice(0, 2)],
      ['a period of a type', () => ({ type: 'Patient', since: at(1), before: at(4) }), ['Patient/1 2', 'Patient/2 1']],
      ['a period of a resource', () => ({ type: 'Patient', id: '1', since: at(2), before: at(4) }), ['Patient/1 2']],
      ['a period in which nothing happened', () => ({ since: at(4) + 1 }), []],
      ['what meets a condition now', () => ({ within: ids('2', '1') }), ['Group/1 1', 'Patient/2 1']],
      ['what of a type meets it', () => ({ type: 'Patient', within: ids('2', '1') }), ['Patient/2 1']],
      ['a resource that does not meet it', () => ({ type: 'Patient', id: '2', within: ids('1') }), []],
      ['a resource that does', () => ({ type: 'Patient', id: '2', within: ids('2') }), ['Patient/2 1']],
      ['what meets nothing', () => ({ within: { kind: 'nothing' } }), []],
    ];

    it.each(cases)('of %s, in both directions, a page of any size at a time', async (_, range, finds) => {
      for (const limit of [1, 2, 100]) {
        expect(await read({ ...range(), oldestFirst: true }, limit)).toEqual(finds);
        expect(await read({ ...range(), oldestFirst: false }, limit)).toEqual(finds.toReversed());
      }
    });

    it('goes on behind any position that was seen, and a version committed meanwhile is behind the last one', async () => {
      const { matches } = await store().history({ oldestFirst: true }, 100);
      for (const [at, { position }] of matches.entries()) {
        expect(await read({ behind: position, oldestFirst: true }, 2)).toEqual(all.slice(at + 1));
      }
      expect(await read({ type: 'Patient', behind: matches[1]?.position ?? 0, oldestFirst: true })).toEqual(
        all.slice(2),
      );
    });

    it('shows how each version came to be, tombstones too', async () => {
      const { matches } = await store().history({ type: 'Patient', id: '1', oldestFirst: true }, 10);
      expect(matches.map(({ method, deleted }) => [method, deleted])).toEqual([
        ['POST', false],
        ['PUT', false],
        ['DELETE', true],
      ]);
    });
  });
}
