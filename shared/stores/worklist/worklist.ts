/**
 * The port behind a worklist: workitems by partition and UID, and what they are found by. A change names the revision that
 * it was made from, so that of two that change the same workitem one wins: a single item's compare-and-swap.
 * The contract that every adapter must meet is in `worklist.contract.ts`.
 */
import type { ValueFilter } from '../imaging/imaging-index.ts';
import type { WorklistSubscriptions } from './worklist-subscriptions.ts';

export interface WorkitemKey {
  /** A data partition's name. */
  readonly partition: string;
  readonly uid: string;
}

/** What a workitem is found by. `path` is opaque; `text` is folded as its VR compares; `words` of names. */
export interface WorkitemValue {
  readonly path: string;
  readonly text: string;
  readonly words?: string;
}

export interface NewWorkitem {
  readonly key: WorkitemKey;
  /** Of the performer who claimed it. */
  readonly transaction: string | undefined;
  /** UTF-8 JSON, opaque to the store. */
  readonly dataSet: Uint8Array;
  readonly values: readonly WorkitemValue[];
  /** What its subscribers are told of, in the same commit. */
  readonly events: readonly Uint8Array[];
}

export interface StoredWorkitem {
  readonly key: WorkitemKey;
  /** 1 when it is new; every replacement adds 1. */
  readonly revision: number;
  readonly transaction: string | undefined;
  readonly dataSet: Uint8Array;
}

/** One comparison; a workitem that has several values at the path needs one that holds. */
export interface WorkitemFilter {
  readonly path: string;
  readonly filter: Exclude<ValueFilter, { kind: 'number' }>;
}

export interface Worklist extends WorklistSubscriptions {
  /** False, and nothing written: the partition has a workitem of this UID. */
  create(workitem: NewWorkitem): Promise<boolean>;
  read(key: WorkitemKey): Promise<StoredWorkitem | undefined>;
  /** False, and nothing written: the workitem does not have this revision, or is not there. */
  replace(workitem: NewWorkitem, revision: number): Promise<boolean>;
  /** Workitems that pass all filters, the newest first. */
  search(
    partition: string,
    filters: readonly WorkitemFilter[],
    limit: number,
    offset: number,
  ): Promise<readonly StoredWorkitem[]>;

  check(): Promise<void>;
  close(): Promise<void>;
}
