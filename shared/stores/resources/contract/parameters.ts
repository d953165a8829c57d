import { describe, expect, it } from 'vitest';
import type { ParameterRecord, ParameterState } from '../parameter-status.ts';
import type { Change } from '../resource-store.ts';
import { committed, entry, found, key, type OpenStore, put, query, string, tombstone, useStore } from './setup.ts';

export function parameterRules(open: OpenStore): void {
  const record = (url: string, state: ParameterState = 'Supported'): ParameterRecord => ({
    url,
    state,
    resource: 'id',
  });

  describe('records of search parameters', () => {
    const store = useStore(open);
    const version = async () => (await store().parameters())?.version ?? 0;

    it('are none at first, with version 0', async () => {
      expect(await store().parameters()).toEqual({ version: 0, records: [] });
      expect(await store().parameters(0)).toBeUndefined();
    });

    it('are committed together with resources', async () => {
      const done = await store().commit([put('SearchParameter/1')], [], { at: 0, set: [record('http://a')] });
      expect(done).toMatchObject({ done: true });
      const known = await version();
      expect(known).toBeGreaterThan(0);
      expect(await store().parameters()).toEqual({
        version: known,
        records: [{ ...record('http://a'), version: known }],
      });
      expect(await store().parameters(known)).toBeUndefined();
    });

    it('are not changed when the resources are not, nor the resources when the records are not', async () => {
      const at = await version();
      const set = [record('http://a', 'Enabled')];
      expect(await store().commit([put('SearchParameter/1')], [], { at, set })).toMatchObject({ done: false });
      expect(await version()).toBe(at);
      expect(await store().commit([put('SearchParameter/2')], [], { at: at + 7, set })).toMatchObject({ done: false });
      expect(await store().read(key('SearchParameter/2'))).toBeUndefined();
    });

    it('of two changes that start from the same version, one is refused', async () => {
      const at = await version();
      const results = await Promise.all(
        ['http://b', 'http://c'].map((url) => store().commit([], [], { at, set: [record(url)] })),
      );
      expect(results.map(({ done }) => done).sort()).toEqual([false, true]);
    });

    it('keep the version of their own last change', async () => {
      const at = await version();
      await store().commit([], [], {
        at,
        set: [record('http://d', 'Disabled'), { ...record('http://e'), resource: null }],
      });
      const { records = [] } = (await store().parameters()) ?? {};
      const newest = records.filter((each) => each.version > at);
      expect(newest.map(({ url, state, resource }) => [url, state, resource])).toEqual([
        ['http://d', 'Disabled', 'id'],
        ['http://e', 'Supported', null],
      ]);
      expect(records.find(({ url }) => url === 'http://a')?.version).toBeLessThanOrEqual(at);
    });

    it('refuse a version whose index was made with other parameters', async () => {
      const at = await version();
      const indexed = (name: string, indexedWith: number): Change => ({ ...put(name), indexedWith }) as Change;
      expect(await store().commit([indexed('Patient/old', at - 1)])).toEqual({ done: false, key: key('Patient/old') });
      await committed(store(), indexed('Patient/new', at));
      expect(await store().commit([indexed('Patient/x', at)], [], { at, set: [record('http://f')] })).toMatchObject({
        done: true,
      });
      expect(await store().commit([indexed('Patient/y', at)])).toMatchObject({ done: false });
    });
  });

  describe('rewriting index entries', () => {
    const store = useStore(open);
    const named = (exact: string) => [entry('Patient.name', string(exact))];
    const byName = (exact: string) =>
      query({ kind: 'value', param: 'Patient.name', test: { kind: 'string', match: 'exact', exact } });

    it('replaces all entries of the current version and makes no new one', async () => {
      const [stamp] = await committed(store(), put('Patient/1', { index: named('Old') }));
      expect(await store().reindex([{ key: key('Patient/1'), version: 1, index: named('New') }], 0)).toBe(1);
      expect(await found(store(), byName('Old'))).toEqual([]);
      expect(await found(store(), byName('New'))).toEqual(['Patient/1']);
      expect(await store().read(key('Patient/1'))).toMatchObject({ ...stamp });
      expect(await store().countHistory({ type: 'Patient', id: '1', oldestFirst: true })).toBe(1);
    });

    it('skips what has moved on, was deleted or never was, and does the others', async () => {
      await committed(store(), put('Patient/2', { index: named('First') }));
      await committed(store(), put('Patient/2', { expected: 1, index: named('Second') }));
      await committed(store(), put('Patient/3', { index: named('Gone') }));
      await committed(store(), tombstone('Patient/3', 1));
      const stale = (id: string, version: number) => ({ key: key(`Patient/${id}`), version, index: named('Stale') });
      const rewrites = [stale('2', 1), stale('3', 1), stale('3', 2), stale('never', 1), stale('1', 1)];
      expect(await store().reindex(rewrites, 0)).toBe(1);
      expect(await found(store(), byName('Stale'))).toEqual(['Patient/1']);
      expect(await found(store(), byName('Second'))).toEqual(['Patient/2']);
    });

    it('is refused when the entries were made with other parameters', async () => {
      await store().commit([], [], { at: 0, set: [record('http://a')] });
      expect(await store().reindex([{ key: key('Patient/1'), version: 1, index: named('Late') }], 0)).toBeUndefined();
      expect(await found(store(), byName('Late'))).toEqual([]);
    });

    it('keeps the order of pages: a scan by type meets each current resource once, and what was written since', async () => {
      const types = ['Device'];
      for (let id = 1; id <= 7; id += 1) await committed(store(), put(`Device/${id}`));
      const seen: string[] = [];
      let page = await store().search({ types, where: undefined, sort: [] }, 3);
      await committed(store(), put('Device/1', { expected: 1 }));
      const at = (await store().parameters())?.version ?? 0;
      for (;;) {
        seen.push(...page.matches.map(({ id, version }) => `${id}v${version}`));
        await store().reindex(
          page.matches.map(({ type, id, version }) => ({ key: { type, id }, version, index: [] })),
          at,
        );
        if (!page.next) break;
        page = await store().search({ types, where: undefined, sort: [] }, 3, page.next);
      }
      expect(seen).toEqual(['1v1', '2v1', '3v1', '4v1', '5v1', '6v1', '7v1', '1v2']);
    });
  });
}
