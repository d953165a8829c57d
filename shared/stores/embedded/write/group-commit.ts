/** Group commit: the commits and index rewrites of a resource store, in batches (`batched-writes.ts`). */
import type { DatabaseSync } from 'node:sqlite';
import type { ParameterChange } from '../../resources/parameter-status.ts';
import type { Change, CommitResult, Guard, Rewrite } from '../../resources/resource-store.ts';
import { BatchedWrites } from './batched-writes.ts';
import { CommitWriter } from './commit-writer.ts';

export interface PendingCommit {
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  readonly parameters?: ParameterChange | undefined;
  readonly answer: (outcome: CommitResult | Error) => void;
}

export interface PendingReindex {
  readonly rewrites: readonly Rewrite[];
  readonly indexedWith: number;
  readonly answer: (outcome: CommitResult | Error) => void;
}

export class GroupCommit {
  readonly #batches: BatchedWrites;
  readonly #writer: CommitWriter;
  readonly #now: () => number;

  constructor(database: DatabaseSync, now: () => number = Date.now) {
    const writer = new CommitWriter(database);
    this.#writer = writer;
    this.#now = now;
    this.#batches = new BatchedWrites(database, {
      beforeCommit: () => writer.finishBatch(),
      rolledBack: () => writer.rolledBack(),
    });
  }

  /** A commit that meets a conflict is taken back alone; the others of its batch go on. */
  add(pending: PendingCommit | PendingReindex): void {
    const run = () => this.#written(pending);
    this.#batches.add({ run, isRefused: ({ done }) => !done, answer: pending.answer });
  }

  flush(): void {
    this.#batches.flush();
  }

  #written(pending: PendingCommit | PendingReindex): CommitResult {
    if ('rewrites' in pending) return this.#writer.reindex(pending.rewrites, pending.indexedWith);
    return this.#writer.write(pending.changes, pending.guards, this.#now(), pending.parameters);
  }
}
