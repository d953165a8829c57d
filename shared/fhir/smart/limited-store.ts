/**
 * A service's store as a token's limits leave it: answers as a store would that holds nothing else. Everything that it is
 * asked becomes a query with the limits in it; nothing is read first and left out afterwards, old versions aside, which no
 * index knows: of them each is looked at.
 */

import type { LatestQuery } from '../../stores/resources/latest.ts';
import { type Indexed, meets } from '../../stores/resources/meets.ts';
import type { Include, Query } from '../../stores/resources/query.ts';
import type {
  Cursor,
  HistoryQuery,
  Included,
  IncludeOptions,
  ResourceKey,
  ResourceStore,
  SearchPage,
  StoredResource,
} from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { allOf } from '../search/conditions.ts';
import { pageBytes } from '../search/page.ts';
import { limitedCondition } from './limited-condition.ts';
import type { Purpose, ResourceLimits, Within } from './resource-limits.ts';

export interface LimitedStoreParts {
  readonly store: ResourceStore;
  readonly limits: ResourceLimits;
  readonly definitions: Definitions;
  readonly entriesOf: (version: StoredResource) => Indexed['index'];
}

/** Old versions that one history looks at. */
const mostVersions = 20_000;
const versionsAtOnce = 100;
const noPage: SearchPage = { matches: [], next: undefined, first: undefined };

export class LimitedStore implements ResourceStore {
  readonly #parts: LimitedStoreParts;

  constructor(parts: LimitedStoreParts) {
    this.#parts = parts;
  }

  read(key: ResourceKey): Promise<StoredResource | undefined> {
    return this.readFor(key, 'read');
  }

  /** The current version, where the limits allow that for the purpose. */
  async readFor(key: ResourceKey, purpose: Purpose): Promise<StoredResource | undefined> {
    const { store, limits } = this.#parts;
    const { types, where } = limits.within([key.type], purpose);
    if (types?.length === 0) return undefined;
    if (!where) return store.read(key);
    const query = { types, where: allOf([{ kind: 'id', ids: [key.id] }, where]), sort: [] };
    const { matches } = await store.search(query, 1);
    return matches[0];
  }

  async readVersion(key: ResourceKey, version: number): Promise<StoredResource | undefined> {
    const current = await this.read(key);
    if (!current) return undefined;
    const stored = await this.#parts.store.readVersion(key, version);
    return stored && this.#isWithin(stored, 'read') ? stored : undefined;
  }

  async search(query: Query, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage> {
    const limited = this.limited(query);
    return limited ? this.#parts.store.search(limited, limit, after, mostBytes) : noPage;
  }

  async count(query: Query, most?: number): Promise<number> {
    const limited = this.limited(query);
    return limited ? this.#parts.store.count(limited, most) : 0;
  }

  async latest(query: LatestQuery, most: number): Promise<readonly (readonly StoredResource[])[]> {
    const limited = this.limited(query.query);
    return limited ? this.#parts.store.latest({ ...query, query: limited }, most) : [];
  }

  entriesOf(version: StoredResource): Indexed['index'] {
    return this.#parts.entriesOf(version);
  }

  /** The query within the limits; undefined: it finds nothing. */
  limited(query: Query): Query | undefined {
    const { limits } = this.#parts;
    const { types, where } = limits.within(query.types, 'find');
    if (types?.length === 0) return undefined;
    const asked = query.where && limitedCondition(query.where, limits);
    return { ...query, types, where: where && asked ? allOf([where, asked]) : (where ?? asked) };
  }

  async include(
    from: readonly ResourceKey[],
    include: readonly Include[],
    limit: number,
    options?: IncludeOptions,
  ): Promise<Included> {
    const { store, limits } = this.#parts;
    const { types, where } = limits.within(this.#includedTypes(include), 'find');
    if (types?.length === 0) return { resources: [], next: undefined };
    const within = where ?? (types && ({ kind: 'type', types } as const));
    return store.include(from, include, limit, { ...options, within });
  }

  /** Of which types the included resources can be, so that no more than these types' limits are tested. Undefined: any. */
  #includedTypes(include: readonly Include[]): readonly string[] | undefined {
    const types = new Set<string>();
    for (const one of include) {
      const possible = one.kind === 'revinclude' ? [one.source] : (one.types ?? this.#targets(one.param));
      if (!possible) return undefined;
      for (const type of possible) types.add(type);
    }
    return [...types];
  }

  #targets(param: string): readonly string[] | undefined {
    const [type = '', code = ''] = param.split('.');
    const targets = this.#parts.definitions.searchParameters(type).get(code)?.targets ?? [];
    return targets.length === 0 ? undefined : targets;
  }

  async history(query: HistoryQuery, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage> {
    const scope = this.#historyWithin(query);
    if (!scope) return noPage;
    const { store } = this.#parts;
    if (!scope.where) return store.history(scope.query, limit, after, mostBytes);
    const matches: StoredResource[] = [];
    let bytes = 0;
    let next = after;
    for await (const page of this.#versions(scope.query, () => limit - matches.length, after)) {
      matches.push(...page.matches);
      next = page.next;
      bytes += page.matches.reduce((sum, { body }) => sum + body.length, 0);
      if (matches.length === limit || (mostBytes !== undefined && bytes > mostBytes)) break;
    }
    const more = next !== undefined && (await this.#hasVersion(scope.query, next));
    return { matches, next: more ? next : undefined, first: undefined };
  }

  async countHistory(query: HistoryQuery): Promise<number> {
    const scope = this.#historyWithin(query);
    if (!scope) return 0;
    if (!scope.where) return this.#parts.store.countHistory(scope.query);
    let count = 0;
    for await (const { matches } of this.#versions(scope.query, () => versionsAtOnce)) count += matches.length;
    return count;
  }

  #historyWithin({ type, ...rest }: HistoryQuery): (Within & { query: HistoryQuery }) | undefined {
    const { types, where } = this.#parts.limits.within(type === undefined ? undefined : [type], 'find');
    if (types?.length === 0) return undefined;
    const ofTypes = type === undefined && types ? ({ kind: 'type', types } as const) : undefined;
    const within = where ?? ofTypes;
    return { types, where, query: { ...rest, ...(type !== undefined && { type }), ...(within && { within }) } };
  }

  async #hasVersion(query: HistoryQuery, after: Cursor): Promise<boolean> {
    for await (const { matches } of this.#versions(query, () => versionsAtOnce, after)) {
      if (matches.length > 0) return true;
    }
    return false;
  }

  /** Pages of `size` versions, without those that were somebody else's when they were written, or tombstones. */
  async *#versions(query: HistoryQuery, size: () => number, after?: Cursor): AsyncGenerator<SearchPage> {
    let seen = 0;
    let page = await this.#parts.store.history(query, size(), after, pageBytes);
    for (;;) {
      yield { ...page, matches: page.matches.filter((version) => this.#isWithin(version, 'find')) };
      seen += page.matches.length;
      if (!page.next) return;
      if (seen > mostVersions) throw new FhirError('too-costly', `The history has more than ${mostVersions} versions.`);
      page = await this.#parts.store.history(query, size(), page.next, pageBytes);
    }
  }

  #isWithin(version: StoredResource, purpose: Purpose): boolean {
    const { limits, entriesOf } = this.#parts;
    const { types, where } = limits.within([version.type], purpose);
    if (types?.length === 0) return false;
    if (!where) return true;
    if (version.deleted) return false;
    // Limits speak of no other resources.
    return meets({ ...version, index: entriesOf(version) }, where, () => false);
  }

  parameters(...known: Parameters<ResourceStore['parameters']>): ReturnType<ResourceStore['parameters']> {
    return this.#parts.store.parameters(...known);
  }

  check(): Promise<void> {
    return this.#parts.store.check();
  }

  /** Writes go through the service. */
  async commit(): Promise<never> {
    throw new TypeError('Writes go through the service.');
  }

  async reindex(): Promise<never> {
    throw new FhirError('forbidden', 'An app may not reindex.');
  }

  async close(): Promise<never> {
    throw new TypeError('The store is not the request’s to close.');
  }
}
