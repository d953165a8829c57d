/**
 * Group commit: while one batch is on its way to the disk, commits queue up; the next batch takes all of them, and the
 * one wait for the disk at its end serves them all. A commit is answered only after that.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { ParameterChange } from '../../resources/parameter-status.ts';
import type { Change, CommitResult, Guard, Rewrite } from '../../resources/resource-store.ts';
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

type Pending = PendingCommit | PendingReindex;

export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #writer: CommitWriter;
  readonly #now: () => number;
  #queue: Pending[] = [];

  constructor(database: DatabaseSync, now: () => number = Date.now) {
    this.#database = database;
    this.#writer = new CommitWriter(database);
    this.#now = now;
  }

  /** Commits that come before the event loop's turn ends share a batch. */
  add(commit: Pending): void {
    if (this.#queue.length === 0) setImmediate(() => this.flush());
    this.#queue.push(commit);
  }

  flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const outcomes = batch.map((commit) => this.#inSavepoint(commit));
      if (outcomes.some((outcome) => 'done' in outcome && outcome.done)) this.#writer.finishBatch();
      this.#database.exec('COMMIT');
      batch.forEach((commit, at) => {
        commit.answer(outcomes[at] ?? new Error('The commit has no outcome.'));
      });
    } catch (error) {
      this.#giveUp(batch, asError(error));
    }
  }

  /** A conflict or failure takes back this commit alone; the others of the batch go on. */
  #inSavepoint(pending: Pending): CommitResult | Error {
    this.#database.exec('SAVEPOINT one');
    let outcome: CommitResult | Error;
    try {
      outcome = this.#written(pending);
    } catch (error) {
      outcome = asError(error);
      // A full disk or an I/O error may have ended the whole transaction: then nothing of the batch stands.
      if (!this.#database.isTransaction) throw error;
    }
    if (outcome instanceof Error || !outcome.done) {
      this.#database.exec('ROLLBACK TO one');
      this.#writer.rolledBack();
    }
    this.#database.exec('RELEASE one');
    return outcome;
  }

  #written(pending: Pending): CommitResult {
    if ('rewrites' in pending) return this.#writer.reindex(pending.rewrites, pending.indexedWith);
    return this.#writer.write(pending.changes, pending.guards, this.#now(), pending.parameters);
  }

  #giveUp(batch: readonly Pending[], error: Error): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    this.#writer.rolledBack();
    for (const commit of batch) commit.answer(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
