/**
 * The port behind a DICOM service: which instances there are, what they are found by, and the ordered log of what happened.
 * Files lie in a blob store under names made of their versions; the index says which of them count.
 * The contract that every adapter must meet is in `imaging-index.contract.ts`.
 */

import type { QueryTagIndex } from './query-tags.ts';

export const levels = ['study', 'series', 'instance'] as const;
export type Level = (typeof levels)[number];

/** UIDs of an instance; `partition` is a data partition's name. */
export interface InstanceKey {
  readonly partition: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** All instances of a partition, or those of a study, a series, or the one instance. */
export interface InstanceScope {
  readonly partition: string;
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
  /** In place of instances that were updated, what they were before the first time. */
  readonly original?: boolean;
}

/** What a level is found by. `text` is folded as its VR compares; `number` of numeric VRs; `words` of names. */
export interface IndexedValue {
  readonly level: Level;
  readonly tag: number;
  readonly text?: string;
  readonly number?: number;
  readonly words?: string;
}

/** Bytes are UTF-8 JSON, opaque to the store. */
export interface NewInstance {
  readonly key: InstanceKey;
  /** From `begin`. */
  readonly version: number;
  readonly length: number;
  readonly transferSyntax: string;
  /** The whole data set as DICOM JSON, without binary values. */
  readonly metadata: Uint8Array;
  /** Where the frames are; undefined where that is not known. */
  readonly frames: Uint8Array | undefined;
  /** The attributes that answers to searches show of each level. */
  readonly shown: Readonly<Record<Level, Uint8Array>>;
  readonly values: readonly IndexedValue[];
  /** Of the query tags that `values` were made with. */
  readonly tagsVersion: number;
}

export interface StoredInstance {
  readonly key: InstanceKey;
  /** Grows with every store and replacement, over the whole service. */
  readonly version: number;
  readonly length: number;
  readonly transferSyntax: string;
  readonly frames: Uint8Array | undefined;
}

export interface InstanceMetadata {
  readonly version: number;
  readonly metadata: Uint8Array;
}

export type StoreResult =
  | { readonly done: true; readonly sequence: number }
  /** Nothing was written: this instance is stored already, or the query tags are others than those of `tagsVersion`. */
  | { readonly done: false; readonly reason: 'exists' | 'other-tags' };

export type UpdateResult =
  | { readonly done: true }
  /** Nothing was written: the version is no longer current, or the query tags are others than those of `tagsVersion`. */
  | { readonly done: false; readonly reason: 'gone' | 'other-tags' };

/** One comparison with what a level is indexed by. Ranges are inclusive. */
export type ValueFilter =
  | { readonly kind: 'equals'; readonly texts: readonly string[] }
  | { readonly kind: 'between'; readonly low: string | undefined; readonly high: string | undefined }
  /** `*` stands for any characters, `?` for one. */
  | { readonly kind: 'matches'; readonly pattern: string }
  | { readonly kind: 'number'; readonly number: number }
  /** Words of a name, in this order beside each other, each the start of one. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface ImagingFilter {
  readonly level: Level;
  readonly tag: number;
  readonly filter: ValueFilter;
}

export interface ImagingQuery {
  readonly level: Level;
  readonly scope: InstanceScope;
  /** A level's UID is one of them. */
  readonly uids?: Partial<Readonly<Record<Level, readonly string[]>>>;
  /** All must hold. */
  readonly filters: readonly ImagingFilter[];
  /** Values of the series' (0008,0060), of which a study must have one: ModalitiesInStudy. */
  readonly modality?: string;
}

/** One study, series or instance; what the levels above and at its own show, as JSON. Newest first. */
export interface Found {
  readonly scope: InstanceScope;
  /** Text, not bytes: many small buffers are slow to hand from thread to thread. */
  readonly shown: Partial<Readonly<Record<Level, string>>>;
  /** Of the newest instance in it. */
  readonly version: number;
}

export interface Counts {
  readonly series: number;
  readonly instances: number;
  /** Distinct, sorted; of a study. */
  readonly modalities: readonly string[];
}

export type ChangeAction = 'create' | 'update' | 'delete';

export interface ImagingChange {
  /** 1, 2, 3 … without gaps, in the order of commits; a number is never seen after a greater one. */
  readonly sequence: number;
  /** Milliseconds since 1970; never decreases with the sequence. */
  readonly time: number;
  readonly action: ChangeAction;
  readonly key: InstanceKey;
  /** Of the instance when this happened. */
  readonly version: number;
  /** Of the instance now; undefined when it is gone. */
  readonly current: number | undefined;
}

export interface ChangesQuery {
  /** Behind this sequence. */
  readonly after?: number;
  /** Inclusive and exclusive, in milliseconds since 1970. */
  readonly since?: number;
  readonly before?: number;
  readonly skip?: number;
  readonly limit: number;
}

export interface Partition {
  /** 1, 2, 3 …; 1 is the default partition, which is always there. */
  readonly key: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export interface ImagingIndex extends QueryTagIndex {
  /** In the order of their keys. */
  partitions(): Promise<readonly Partition[]>;
  /** Makes the partition unless it is there. */
  addPartition(name: string): Promise<void>;

  /** A new version, whose file may be written now. If neither `store` nor `abandon` follows, `leftovers` names it later. */
  begin(): Promise<number>;
  /** The instance counts from now on; its entry of the change log comes in the same commit. `replace`: whatever is stored. */
  store(instance: NewInstance, replace: boolean): Promise<StoreResult>;
  /**
   * Puts the instance in the place of its version `of`, and logs an update. What it was before the first update is kept as
   * its original until the instance goes; what it was in between is left over.
   */
  update(instance: NewInstance, of: number): Promise<UpdateResult>;
  /** The version's file is not wanted. */
  abandon(version: number): Promise<void>;
  /** Takes instances away and logs that; their files are left over. How many there were. */
  remove(scope: InstanceScope): Promise<number>;

  /** In the order of versions, behind `after`. */
  instances(scope: InstanceScope, limit: number, after?: number): Promise<readonly StoredInstance[]>;
  /** As `instances`. */
  metadata(scope: InstanceScope, limit: number, after?: number): Promise<readonly InstanceMetadata[]>;
  /** How many instances there are, and the greatest version among them; 0 for none. */
  stamp(scope: InstanceScope): Promise<{ readonly count: number; readonly version: number }>;
  search(query: ImagingQuery, limit: number, offset: number): Promise<readonly Found[]>;
  counts(scope: InstanceScope): Promise<Counts>;

  changes(query: ChangesQuery): Promise<readonly ImagingChange[]>;
  lastChange(): Promise<ImagingChange | undefined>;

  /** Versions whose files are to be removed: taken away before `removedBefore`, or begun before `begunBefore` and never stored. */
  leftovers(times: { removedBefore: number; begunBefore: number }, limit: number): Promise<readonly number[]>;
  /** The files of these versions are gone. */
  cleaned(versions: readonly number[]): Promise<void>;

  /** False only when there is no leftover and no query tag that is being removed. Costs little. */
  hasUnfinished(): Promise<boolean>;

  check(): Promise<void>;
  close(): Promise<void>;
}
