/**
 * The port behind a FHIR service: versions of resources, atomic writes, search. One store holds one service's data.
 * The contract that every adapter must meet is in `resource-store.contract.ts`.
 */
import type { IndexEntry } from './index-entry.ts';
import type { LatestQuery } from './latest.ts';
import type { ParameterChange, StoredParameters } from './parameter-status.ts';
import type { Condition, Include, Query } from './query.ts';

export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

/** The interaction that made a version; history shows it. */
export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One version of a resource.
 * `body` is UTF-8 JSON text from just behind `meta.lastUpdated` on: the whole text is
 * `{"resourceType":…,"id":…,"meta":{"versionId":…,"lastUpdated":…` + body (see `shared/fhir/resource/text.ts`),
 * so a version is stamped by the store at its commit and read back without being parsed.
 */
export interface StoredResource extends ResourceKey {
  /** 1, 2, 3 … without gaps unless history was purged. */
  readonly version: number;
  /** Milliseconds since 1970; never decreases from one commit to the next. */
  readonly updated: number;
  readonly method: WriteMethod;
  readonly deleted: boolean;
  readonly body: Uint8Array;
  /** Where this version stands in the store's order of commits: unique, increasing. */
  readonly position: number;
}

/** What a caller asks to be written. Nothing of a commit is written unless every change's expectation holds. */
export type Change =
  | {
      readonly kind: 'put';
      readonly key: ResourceKey;
      /** The version that must be current (a tombstone counts); 0: the id was never used or was erased. */
      readonly expected: number;
      readonly method: WriteMethod;
      /** Undefined: a tombstone. */
      readonly body: Uint8Array | undefined;
      /** Empty for a tombstone. */
      readonly index: readonly IndexEntry[];
      /** The version of the search parameters that made `index`: refused when it is not theirs any more. Absent: not checked. */
      readonly indexedWith?: number;
      /** False: the version that this one replaces is not kept. */
      readonly keepPrevious: boolean;
    }
  /** Removes every version (hard delete). */
  | { readonly kind: 'erase'; readonly key: ResourceKey; readonly expected: number }
  /** Removes every version but the current one. */
  | { readonly kind: 'purge-history'; readonly key: ResourceKey; readonly expected: number };

/**
 * A search whose answer must still be the same when the commit happens: what conditional interactions decided on.
 * `found` holds the keys of the first two matches (any order), as the caller saw them.
 */
export interface Guard {
  readonly query: Query;
  readonly found: readonly ResourceKey[];
}

export type CommitResult =
  /** One stamp per change, in order; for `erase` and `purge-history` the version that was current. Durable when returned. */
  | { readonly done: true; readonly stamps: readonly Stamp[] }
  /** Nothing was written; `key` is the first resource whose expectation failed, undefined when a guard failed. */
  | { readonly done: false; readonly key: ResourceKey | undefined };

export interface Stamp {
  readonly version: number;
  readonly updated: number;
  readonly position: number;
}

/** New index entries for the current version of a resource, which stays as it is. */
export interface Rewrite {
  readonly key: ResourceKey;
  /** The version that the entries were made of. */
  readonly version: number;
  readonly index: readonly IndexEntry[];
}

/** Where the next page starts: opaque to callers, plain JSON, meaningful only with the same query. */
export type Cursor = readonly (string | number | null)[];

export interface SearchPage {
  readonly matches: readonly StoredResource[];
  /** Undefined on the last page. */
  readonly next: Cursor | undefined;
  /** Where the page begins: behind it, in the opposite order, stands the page before. Undefined when the page is empty. */
  readonly first: Cursor | undefined;
}

export interface Included {
  readonly resources: readonly StoredResource[];
  /** Undefined when nothing was left out. */
  readonly next: Cursor | undefined;
}

export interface IncludeOptions {
  /** Where the page begins. */
  readonly after?: Cursor | undefined;
  /** Resources that are not to be found again, besides `from`. */
  readonly besides?: readonly ResourceKey[];
  /** Only resources that meet it are found. */
  readonly within?: Condition | undefined;
  /** What is found ends with the resource whose body passes it. */
  readonly mostBytes?: number | undefined;
}

/** `type` and `id` undefined: the whole service. Times in milliseconds: `since` inclusive, `before` exclusive. */
export interface HistoryQuery {
  readonly type?: string;
  readonly id?: string;
  readonly since?: number;
  readonly before?: number;
  /** Only versions behind this position. An oldest-first reader that goes on from the last position it saw misses none. */
  readonly behind?: number;
  /** Only versions of resources that meet it now. */
  readonly within?: Condition;
  readonly oldestFirst: boolean;
}

export interface ResourceStore {
  /** The current version, a tombstone included; undefined when the id was never used or was erased. */
  read(key: ResourceKey): Promise<StoredResource | undefined>;
  readVersion(key: ResourceKey, version: number): Promise<StoredResource | undefined>;
  /** All or nothing, and durable once it answers. Rejects (system error) when the store cannot write, e.g. on a full disk. */
  commit(changes: readonly Change[], guards?: readonly Guard[], parameters?: ParameterChange): Promise<CommitResult>;
  /**
   * Replaces index entries. Skips a resource whose version has moved on: whoever wrote that has indexed it.
   * The number of resources rewritten; undefined, and nothing is written, when the search parameters' version is not `indexedWith`.
   */
  reindex(rewrites: readonly Rewrite[], indexedWith: number): Promise<number | undefined>;
  /** The records of search parameters; undefined when their version is still `known`. */
  parameters(known?: number): Promise<StoredParameters | undefined>;
  /** Current resources only, never tombstones. `limit` ≥ 1. `mostBytes`: the page ends with the resource that passes it. */
  search(query: Query, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage>;
  /** `most`: where counting stops, so that a large answer costs no more than it. */
  count(query: Query, most?: number): Promise<number>;
  /** The current resources that `include` adds to `from`, without any of `from`, each once, at most `limit`. */
  include(
    from: readonly ResourceKey[],
    include: readonly Include[],
    limit: number,
    options?: IncludeOptions,
  ): Promise<Included>;
  /** Groups of the latest matches, each from the latest on. More than about `most` in all: throws `QueryTooLarge`. */
  latest(query: LatestQuery, most: number): Promise<readonly (readonly StoredResource[])[]>;
  history(query: HistoryQuery, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage>;
  countHistory(query: HistoryQuery): Promise<number>;
  /** Resolves when the store can read and write; rejects with the reason. */
  check(): Promise<void>;
  /** Finishes what is under way, then lets go of every file and thread. */
  close(): Promise<void>;
}
