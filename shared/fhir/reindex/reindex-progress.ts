/** How far a reindex job is; a checkpoint holds it. */
import type { Cursor } from '../../stores/resources/resource-store.ts';

export interface ReindexProgress {
  /** Absent before the first step. */
  readonly plan?: {
    /** What is waiting for the job: URL → version of its record. Only what is still so at the end changes its state. */
    readonly waiting: Readonly<Record<string, number>>;
    /** The types to go through, with resources in them, and their number when the job began. */
    readonly totals: Readonly<Record<string, number>>;
    /** Whatever stands behind this position was written by those who knew the parameters. */
    readonly bound: number;
  };
  /** Which of the types is gone through, and where in it. */
  readonly at: number;
  readonly after: Cursor | null;
  /** Resources done, by type. */
  readonly done: Readonly<Record<string, number>>;
}

export const noProgress: ReindexProgress = { at: 0, after: null, done: {} };

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
