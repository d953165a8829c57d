import { describe, expect, it } from 'vitest';
import {
  committed,
  entry,
  found,
  key,
  type OpenStore,
  put,
  query,
  string,
  text,
  tombstone,
  useStore,
} from './setup.ts';

export function versionRules(open: OpenStore): void {
  describe('versions', () => {
    const store = useStore(open);
    const named = (name: string) => [entry('Patient.name', string(name))];
    const byName = (exact: string) =>
      query({ kind: 'value', param: 'Patient.name', test: { kind: 'string', match: 'exact', exact } });

    it('an id that was never used is not there', async () => {
      expect(await store().read(key('Patient/never'))).toBeUndefined();
      expect(await store().readVersion(key('Patient/never'), 1)).toBeUndefined();
    });

    it('the first version is 1 and is read back as it was written, byte for byte', async () => {
      const body = ',"text":"\u0001 ä 𝄞 1.50"}';
      const [stamp] = await committed(store(), put('Patient/first', { body, method: 'POST' }));
      const read = await store().read(key('Patient/first'));
      expect(read).toMatchObject({
        type: 'Patient',
        id: 'first',
        version: 1,
        method: 'POST',
        deleted: false,
        ...stamp,
      });
      expect(text(read)).toBe(body);
      expect(stamp?.version).toBe(1);
    });

    it('the caller keeps the body that it gave', async () => {
      const change = put('Patient/kept');
      await committed(store(), change);
      expect(change.kind === 'put' && change.body?.length).toBeGreaterThan(0);
    });

    it('a new version is current and the ones before stay as they were', async () => {
      const one = await committed(store(), put('Patient/two', { body: ',"v":1}' }));
      const two = await committed(store(), put('Patient/two', { expected: 1, body: ',"v":2}', method: 'PATCH' }));
      expect(await store().read(key('Patient/two'))).toMatchObject({ method: 'PATCH', ...two[0] });
      expect(text(await store().readVersion(key('Patient/two'), 1))).toBe(',"v":1}');
      expect(await store().readVersion(key('Patient/two'), 1)).toMatchObject({ ...one[0] });
      expect(text(await store().readVersion(key('Patient/two'), 2))).toBe(',"v":2}');
      expect(await store().readVersion(key('Patient/two'), 3)).toBeUndefined();
    });

    it('the same id of another type, or in other letter case, is another resource', async () => {
      await committed(store(), put('Patient/same'), put('Group/same'), put('Patient/SAME'));
      await committed(store(), tombstone('Patient/same', 1));
      expect(await store().read(key('Group/same'))).toMatchObject({ version: 1, deleted: false });
      expect(await store().read(key('Patient/SAME'))).toMatchObject({ version: 1, deleted: false });
    });

    it('a replaced version is found by its new values only', async () => {
      await committed(store(), put('Patient/renamed', { index: named('Before') }));
      await committed(store(), put('Patient/renamed', { expected: 1, index: named('After') }));
      expect(await found(store(), byName('Before'))).toEqual([]);
      expect(await found(store(), byName('After'))).toEqual(['Patient/renamed']);
    });

    it('a tombstone is the current version and is found by no search', async () => {
      await committed(store(), put('Patient/gone', { index: named('Gone') }));
      const [stamp] = await committed(store(), tombstone('Patient/gone', 1));
      const read = await store().read(key('Patient/gone'));
      expect(read).toMatchObject({ version: 2, deleted: true, method: 'DELETE', ...stamp });
      expect(read?.body).toHaveLength(0);
      expect(await store().readVersion(key('Patient/gone'), 1)).toMatchObject({ deleted: false });
      expect(await found(store(), byName('Gone'))).toEqual([]);
      expect(await found(store(), query({ kind: 'id', ids: ['gone'] }))).toEqual([]);
    });

    it('a version on top of a tombstone goes on counting and is found again', async () => {
      await committed(store(), put('Patient/back', { index: named('Once') }));
      await committed(store(), tombstone('Patient/back', 1));
      const [stamp] = await committed(store(), put('Patient/back', { expected: 2, index: named('Again') }));
      expect(stamp?.version).toBe(3);
      expect(await found(store(), byName('Again'))).toEqual(['Patient/back']);
      expect(await found(store(), byName('Once'))).toEqual([]);
    });

    it('a replaced version that is not kept is gone, and the numbers go on', async () => {
      await committed(store(), put('Patient/unkept'));
      await committed(store(), put('Patient/unkept', { expected: 1, keepPrevious: false }));
      expect(await store().readVersion(key('Patient/unkept'), 1)).toBeUndefined();
      expect(await store().read(key('Patient/unkept'))).toMatchObject({ version: 2 });
      const history = { type: 'Patient', id: 'unkept', oldestFirst: true };
      expect(await store().countHistory(history)).toBe(1);
    });

    it('purge-history leaves the current version alone', async () => {
      await committed(store(), put('Patient/purged', { index: named('Purged') }));
      const [, current] = [
        0,
        ...(await committed(store(), put('Patient/purged', { expected: 1, index: named('Purged') }))),
      ];
      const purge = { kind: 'purge-history', key: key('Patient/purged'), expected: 2 } as const;
      expect(await committed(store(), purge)).toEqual([current]);
      expect(await store().readVersion(key('Patient/purged'), 1)).toBeUndefined();
      expect(await found(store(), byName('Purged'))).toEqual(['Patient/purged']);
    });

    it('erase removes every version and every value; the id begins at 1 again', async () => {
      await committed(store(), put('Patient/erased', { index: named('Erased') }));
      const [current] = await committed(store(), put('Patient/erased', { expected: 1, index: named('Erased') }));
      const erase = { kind: 'erase', key: key('Patient/erased'), expected: 2 } as const;
      expect(await committed(store(), erase)).toEqual([current]);
      expect(await store().read(key('Patient/erased'))).toBeUndefined();
      expect(await store().readVersion(key('Patient/erased'), 1)).toBeUndefined();
      expect(await store().countHistory({ type: 'Patient', id: 'erased', oldestFirst: true })).toBe(0);
      expect(await found(store(), byName('Erased'))).toEqual([]);
      expect(await committed(store(), put('Patient/erased'))).toMatchObject([{ version: 1 }]);
    });

    it('a tombstone can be erased', async () => {
      await committed(store(), put('Patient/erased-late'));
      await committed(store(), tombstone('Patient/erased-late', 1));
      await committed(store(), { kind: 'erase', key: key('Patient/erased-late'), expected: 2 });
      expect(await store().read(key('Patient/erased-late'))).toBeUndefined();
    });
  });
}
