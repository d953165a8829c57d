/** How the contract's tests open a store and name what they put into it. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { IndexEntry, IndexValue, ParameterKey } from '../index-entry.ts';
import type { Condition, Query, SortKey } from '../query.ts';
import type { Change, ResourceKey, ResourceStore, Stamp, StoredResource, WriteMethod } from '../resource-store.ts';

export interface OpenedStore {
  readonly store: ResourceStore;
  /** Closes the store and opens it again on the same data; absent where an adapter keeps nothing of its own. */
  reopen?(): Promise<ResourceStore>;
  dispose(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** One empty store for the tests of a `describe`, with `fill` done before the first. */
export function useStore(open: OpenStore, fill?: (store: ResourceStore) => Promise<unknown>): () => ResourceStore {
  let opened: OpenedStore | undefined;
  beforeAll(async () => {
    opened = await open();
    await fill?.(opened.store);
  });
  afterAll(async () => opened?.dispose());
  return () => {
    if (opened === undefined) throw new Error('The store is not open.');
    return opened.store;
  };
}

export function key(text: string): ResourceKey {
  const [type = '', id = ''] = text.split('/');
  return { type, id };
}

export function text(resource: { readonly body: Uint8Array } | undefined): string | undefined {
  return resource && new TextDecoder().decode(resource.body);
}

export function names(resources: readonly StoredResource[]): string[] {
  return resources.map(({ type, id }) => `${type}/${id}`);
}

interface PutOptions {
  readonly expected?: number;
  readonly body?: string;
  readonly index?: readonly IndexEntry[];
  readonly method?: WriteMethod;
  readonly keepPrevious?: boolean;
}

export function put(name: string, options: PutOptions = {}): Change {
  const { expected = 0, body = `,"name":"${name}"}`, index = [], method = 'PUT', keepPrevious = true } = options;
  return { kind: 'put', key: key(name), expected, method, body: new TextEncoder().encode(body), index, keepPrevious };
}

export function tombstone(name: string, expected: number): Change {
  return { kind: 'put', key: key(name), expected, method: 'DELETE', body: undefined, index: [], keepPrevious: true };
}

/** Commits that must succeed. */
export async function committed(store: ResourceStore, ...changes: readonly Change[]): Promise<readonly Stamp[]> {
  const result = await store.commit(changes);
  expect(result).toMatchObject({ done: true });
  return result.done ? result.stamps : [];
}

export function entry(param: ParameterKey, value: IndexValue): IndexEntry {
  return { param, ...value };
}

export function string(exact: string, folded = exact.toLowerCase()): IndexValue {
  return { kind: 'string', exact, folded };
}

export function token(code: string | null, system: string | null = null, text: string | null = null): IndexValue {
  return { kind: 'token', system, code, text };
}

export function reference(name: string, base: string | null = null): IndexValue {
  return { kind: 'reference', base, ...key(name) };
}

export function query(where?: Condition, types?: readonly string[], sort: readonly SortKey[] = []): Query {
  return { types, where, sort };
}

export async function found(store: ResourceStore, search: Query): Promise<string[]> {
  const { matches } = await store.search(search, 100);
  expect(await store.count(search)).toBe(matches.length);
  return names(matches);
}

/** Every page of a search, one after the other. */
export async function pages(store: ResourceStore, search: Query, limit: number): Promise<string[][]> {
  const all: string[][] = [];
  let page = await store.search(search, limit);
  all.push(names(page.matches));
  while (page.next !== undefined) {
    const next = JSON.parse(JSON.stringify(page.next));
    page = await store.search(search, limit, next);
    all.push(names(page.matches));
    expect(all.length).toBeLessThan(100);
  }
  return all;
}
