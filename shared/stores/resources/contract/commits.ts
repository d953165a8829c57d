import { describe, expect, it } from 'vitest';
import type { Change, Guard, ResourceStore } from '../resource-store.ts';
import { committed, entry, found, key, type OpenStore, put, query, string, tombstone, useStore } from './setup.ts';

export function commitRules(open: OpenStore): void {
  const named = (name: string) => ({ index: [entry('Patient.name', string(name))] });
  const byName = (exact: string) =>
    query({ kind: 'value', param: 'Patient.name', test: { kind: 'string', match: 'exact', exact } });

  describe('commits', () => {
    const store = useStore(open);
    const refused: [name: string, change: (id: string) => Change][] = [
      ['a first version of an id that is used', (id) => put(id, { expected: 0 })],
      ['a version on top of one that is not current', (id) => put(id, { expected: 2 })],
      ['a tombstone on top of one that is not current', (id) => tombstone(id, 3)],
      ['an erase of a version that is not current', (id) => ({ kind: 'erase', key: key(id), expected: 2 })],
      ['a purge below a version that is not current', (id) => ({ kind: 'purge-history', key: key(id), expected: 2 })],
    ];

    it.each(refused)('refuse %s and name the resource', async (name, change) => {
      const id = `Patient/${refused.findIndex(([other]) => other === name)}`;
      await committed(store(), put(id));
      expect(await store().commit([change(id)])).toEqual({ done: false, key: key(id) });
      expect(await store().read(key(id))).toMatchObject({ version: 1 });
    });

    it('expect the tombstone when the resource is deleted', async () => {
      await committed(store(), put('Patient/dead'));
      await committed(store(), tombstone('Patient/dead', 1));
      expect(await store().commit([put('Patient/dead', { expected: 0 })])).toMatchObject({ done: false });
      expect(await store().commit([put('Patient/dead', { expected: 1 })])).toMatchObject({ done: false });
      expect(await store().commit([put('Patient/dead', { expected: 2 })])).toMatchObject({ done: true });
    });

    it('of several resources are written as a whole, with one stamp each in order', async () => {
      const stamps = await committed(store(), put('Patient/a', named('Together')), put('Group/b'), put('Patient/c'));
      expect(stamps.map(({ version }) => version)).toEqual([1, 1, 1]);
      for (const [at, name] of ['Patient/a', 'Group/b', 'Patient/c'].entries()) {
        expect(await store().read(key(name))).toMatchObject({ ...stamps[at] });
      }
    });

    it('write nothing when one expectation fails, wherever it stands, and name the first that failed', async () => {
      await committed(store(), put('Patient/old', named('Untouched')));
      for (const conflict of [put('Patient/old'), tombstone('Patient/absent', 4)]) {
        const others = [
          put('Patient/new-1', named('Nothing')),
          put('Patient/old', { expected: 1, ...named('Nothing') }),
        ];
        for (const changes of [
          [conflict, ...others],
          [others[0] as Change, conflict],
          [...others, conflict],
        ]) {
          expect(await store().commit(changes)).toMatchObject({ done: false, key: conflict.key });
        }
      }
      expect(await store().read(key('Patient/new-1'))).toBeUndefined();
      expect(await store().read(key('Patient/old'))).toMatchObject({ version: 1 });
      expect(await found(store(), byName('Nothing'))).toEqual([]);
      expect(await found(store(), byName('Untouched'))).toEqual(['Patient/old']);
    });

    it('of nothing are done', async () => {
      expect(await store().commit([])).toEqual({ done: true, stamps: [] });
    });

    it('are seen by every read that begins after their answer', async () => {
      for (let version = 1; version <= 10; version += 1) {
        await committed(store(), put('Patient/seen', { expected: version - 1, ...named(`Seen ${version}`) }));
        expect((await store().read(key('Patient/seen')))?.version).toBe(version);
        expect(await found(store(), byName(`Seen ${version}`))).toEqual(['Patient/seen']);
        expect(await store().countHistory({ type: 'Patient', id: 'seen', oldestFirst: true })).toBe(version);
      }
    });

    it('take as many resources as a large transaction has', async () => {
      const changes = Array.from({ length: 500 }, (_, at) => put(`Basic/${at}`));
      expect(await committed(store(), ...changes)).toHaveLength(500);
      expect(await store().count(query(undefined, ['Basic']))).toBe(500);
    });
  });

  describe('stamps', () => {
    const store = useStore(open);

    it('increase from commit to commit: the position always, the time never backwards', async () => {
      const stamps = [];
      for (let at = 0; at < 20; at += 1) stamps.push(...(await committed(store(), put(`Patient/${at}`))));
      const positions = stamps.map(({ position }) => position);
      const times = stamps.map(({ updated }) => updated);
      expect(new Set(positions).size).toBe(20);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(60_000);
    });
  });

  describe('guards', () => {
    const store = useStore(open);
    const guarded = (name: string, ...names: string[]): Guard => ({ query: byName(name), found: names.map(key) });

    it('let a commit pass while the search finds what the caller saw', async () => {
      await committed(store(), put('Patient/g1', named('Guard')));
      const guards = [guarded('Guard', 'Patient/g1'), guarded('Nobody')];
      expect(await store().commit([put('Patient/g2')], guards)).toMatchObject({ done: true });
    });

    it('stop a commit when the search finds more, less or another, and name no resource', async () => {
      await committed(store(), put('Patient/g3', named('Only')));
      for (const guard of [guarded('Only'), guarded('Missing', 'Patient/g3'), guarded('Only', 'Patient/g1')]) {
        expect(await store().commit([put('Patient/g4')], [guard])).toEqual({ done: false, key: undefined });
      }
      expect(await store().read(key('Patient/g4'))).toBeUndefined();
    });

    it('compare the first two matches in any order', async () => {
      await committed(store(), put('Patient/t1', named('Twins')), put('Patient/t2', named('Twins')));
      const guards = [guarded('Twins', 'Patient/t2', 'Patient/t1')];
      expect(await store().commit([put('Patient/t3')], guards)).toMatchObject({ done: true });
      expect(await store().commit([], [guarded('Twins', 'Patient/t1')])).toEqual({ done: false, key: undefined });
    });

    it('let exactly one of many equal conditional creates happen', async () => {
      const create = (at: number) => store().commit([put(`Patient/race-${at}`, named('Race'))], [guarded('Race')]);
      const results = await Promise.all(Array.from({ length: 20 }, (_, at) => create(at)));
      expect(results.filter(({ done }) => done)).toHaveLength(1);
      expect(await found(store(), byName('Race'))).toHaveLength(1);
    });
  });

  describe('concurrent writers', () => {
    const store = useStore(open);

    it('of one id: exactly one wins each version', async () => {
      await committed(store(), put('Patient/contended'));
      for (let version = 1; version <= 5; version += 1) {
        const attempts = Array.from({ length: 16 }, (_, at) =>
          put('Patient/contended', { expected: version, body: `,"w":${at}}` }),
        );
        const results = await Promise.all(attempts.map((attempt) => store().commit([attempt])));
        expect(results.filter(({ done }) => done)).toHaveLength(1);
      }
      expect(await store().countHistory({ type: 'Patient', id: 'contended', oldestFirst: true })).toBe(6);
    });

    it('that read, change and retry lose no update', async () => {
      await committed(store(), put('Patient/counter', { body: '0' }));
      await Promise.all(Array.from({ length: 8 }, () => increment(store(), 5)));
      expect(await store().read(key('Patient/counter'))).toMatchObject({ version: 41 });
    });

    it('of crossing sets of resources: each commit is whole', async () => {
      await committed(store(), put('Patient/left'), put('Patient/right'));
      const move = async (names: string[]) => {
        const changes = await Promise.all(
          names.map(async (name) => put(name, { expected: (await store().read(key(name)))?.version ?? 0 })),
        );
        return store().commit(changes);
      };
      const pairs = Array.from({ length: 20 }, (_, at) => (at % 2 ? ['left', 'right'] : ['right', 'left']));
      const results = await Promise.all(pairs.map((pair) => move(pair.map((side) => `Patient/${side}`))));
      const won = results.filter(({ done }) => done).length;
      expect(won).toBeGreaterThanOrEqual(1);
      expect(await store().read(key('Patient/left'))).toMatchObject({ version: 1 + won });
      expect(await store().read(key('Patient/right'))).toMatchObject({ version: 1 + won });
    });
  });
}

async function increment(store: ResourceStore, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const current = await store.read(key('Patient/counter'));
    const result = await store.commit([put('Patient/counter', { expected: current?.version ?? 0 })]);
    if (result.done) done += 1;
  }
}
