/**
 * The tags that somebody has asked a service to be searched by, besides those that every service has. They have a version of
 * their own: an instance that was indexed by other tags than the present ones is not stored.
 */
import type { IndexedValue, Level } from './imaging-index.ts';

export interface NewQueryTag {
  readonly tag: number;
  readonly vr: string;
  /** Of a private tag. */
  readonly creator?: string;
  readonly level: Level;
}

export interface QueryTag extends NewQueryTag {
  readonly status: 'adding' | 'ready' | 'deleting';
  /** Whether searches may use it. */
  readonly enabled: boolean;
  /** The job that indexes what was stored before it. */
  readonly operation: string;
  /** Instances whose value could not be indexed. */
  readonly errors: number;
}

export interface QueryTags {
  /** Grows whenever a tag comes or begins to go. */
  readonly version: number;
  /** In the order in which they came. */
  readonly tags: readonly QueryTag[];
}

export interface QueryTagError {
  readonly partition: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly fault: number;
}

/** What an instance that was stored before a tag came is found by. */
export interface LateValues {
  /** Of the instance; one that is gone is passed over. */
  readonly version: number;
  readonly values: readonly IndexedValue[];
  readonly faults: readonly { readonly tag: number; readonly fault: number }[];
}

export type AddedTags = 'added' | 'exists' | 'too-many';

/** The part of the imaging index that is about query tags. */
export interface QueryTagIndex {
  queryTags(): Promise<QueryTags>;
  /** All of them, as `adding`, or none. Done again with the same operation it changes nothing. `most`: tags in all. */
  addQueryTags(tags: readonly NewQueryTag[], operation: string, most: number): Promise<AddedTags>;
  /** False when there is no such tag. */
  enableQueryTag(tag: number, enabled: boolean): Promise<boolean>;
  /** Those of an operation are ready. */
  completeQueryTags(operation: string): Promise<void>;
  /** From now on it is not indexed. */
  beginQueryTagRemoval(tag: number): Promise<void>;
  /** Takes away up to `limit` values of one that goes and, with the last of them, the tag: then true, as for any other tag. */
  removeQueryTag(tag: number, limit: number): Promise<boolean>;
  /** In the order of versions. */
  queryTagErrors(tag: number, limit: number, offset: number): Promise<readonly QueryTagError[]>;
  /** Instances of all partitions below version `below`, the newest first. */
  metadataBelow(below: number, limit: number): Promise<readonly { version: number; metadata: Uint8Array }[]>;
  /** Adds values where the level has none of the tag; a fault is an error of the tag and disables it. */
  addLateValues(late: readonly LateValues[]): Promise<void>;
}
