/** Searches that would run for ages come to an end, and nobody else waits for them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { committed, entry, names, put, query, reference, string } from '../resources/contract/setup.ts';
import { type Condition, QueryTooLarge } from '../resources/query.ts';
import type { EmbeddedResourceStore } from './embedded-resource-store.ts';
import { openResourceStore } from './open-embedded-stores.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const size = 80;
const named: Condition = {
  kind: 'value',
  param: 'Patient.name',
  test: { kind: 'string', match: 'contains', folded: 'n1' },
};
const all = Array.from({ length: size }, (_, at) => `Patient/p${at}`);

/** Everybody is linked with everybody: a chain of ten links has 80^10 ways, and none leads anywhere. */
async function fill(store: EmbeddedResourceStore): Promise<void> {
  const links = all.map((other) => entry('Patient.link', reference(other)));
  await committed(
    store,
    ...all.map((one, at) => put(one, { index: [entry('Patient.name', string(`n${at}`)), ...links] })),
  );
}

function chainOf(links: number, end: Condition): Condition {
  if (links === 0) return end;
  const where = chainOf(links - 1, end);
  return { kind: 'not', of: { kind: 'not', of: { kind: 'chain', param: 'Patient.link', types: ['Patient'], where } } };
}

const nowhere: Condition = { kind: 'id', ids: ['nobody'] };
const hostile = query(chainOf(10, nowhere), ['Patient']);

async function opened(folder: string, quickMs: number, longestMs: number): Promise<EmbeddedResourceStore> {
  return openResourceStore({ dataDir: folder, service: 'fhir', searchTime: { quickMs, longestMs } });
}

describe('the time that a search may take', () => {
  const folder = temporaryFolder();
  let store: EmbeddedResourceStore;
  beforeAll(async () => {
    store = await opened(folder.path, 50, 3000);
    await fill(store);
  });
  afterAll(async () => {
    await store.close();
    folder.remove();
  });

  it('ends a chain of ten links, and a search beside it is answered meanwhile', async () => {
    const order: string[] = [];
    const long = [store.search(hostile, 10), store.count(hostile)].map((promise) =>
      promise.then(
        () => order.push('found'),
        (error) => order.push(error instanceof QueryTooLarge ? 'given up' : String(error)),
      ),
    );
    const { matches } = await store.search(query(named, ['Patient']), 100);
    order.push('quick');
    expect(matches).toHaveLength(11);
    await Promise.all(long);
    expect(order).toEqual(['quick', 'given up', 'given up']);
  });

  it('ends it on the writing thread too, and the writers go on', async () => {
    const guarded = store.commit([put('Patient/guarded')], [{ query: hostile, found: [] }]);
    await expect(guarded).rejects.toBeInstanceOf(QueryTooLarge);
    await committed(store, put('Patient/after'));
    expect(await store.read({ type: 'Patient', id: 'guarded' })).toBeUndefined();
  });

  it('does not outlive the store', async () => {
    const given = store.search(hostile, 10).catch((error: unknown) => error);
    await store.close();
    expect(await given).toBeInstanceOf(QueryTooLarge);
    store = await opened(folder.path, 50, 3000);
  });

  it('is over before it begins when it is nothing; then the next search is none the worse', async () => {
    await store.close();
    store = await opened(folder.path, 0, 0);
    await expect(store.search(query(named, ['Patient']), 100)).rejects.toBeInstanceOf(QueryTooLarge);
    await expect(store.count(query(undefined, ['Patient']))).rejects.toBeInstanceOf(QueryTooLarge);
    await expect(store.countHistory({ oldestFirst: false })).rejects.toBeInstanceOf(QueryTooLarge);
    const from = [{ type: 'Patient', id: 'p1' }];
    await expect(store.include(from, [{ kind: 'include', param: 'Patient.link' }], 100)).rejects.toBeInstanceOf(
      QueryTooLarge,
    );
    expect(names((await store.search(query({ kind: 'id', ids: ['nobody'] }), 1)).matches)).toEqual([]);
  });

  it('goes on on the slow thread when the quick one has none', async () => {
    await store.close();
    store = await opened(folder.path, 0, 60_000);
    const page = await store.search(query(undefined, ['Patient']), 1000);
    expect(page.matches).toHaveLength(size + 1);
    expect(await store.count(query(named, ['Patient']))).toBe(11);
    expect(await store.countHistory({ oldestFirst: false })).toBe(size + 1);
  });
});
