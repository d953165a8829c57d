/**
 * Writes that share a commit: while one batch is on its way to the disk, writes queue up; the next batch takes all of them,
 * and the one wait for the disk at its end serves them all. Each is answered only after that. One that fails or is refused
 * takes back itself alone.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface Write<T> {
  readonly run: () => T;
  /** What it has written is to be taken back. */
  readonly isRefused?: (outcome: T) => boolean;
  readonly answer: (outcome: T | Error) => void;
}

export interface BatchSteps {
  /** Runs at the end of a batch of which something stands. */
  readonly beforeCommit: () => void;
  /** Told of whatever was taken back. */
  readonly rolledBack: () => void;
}

const noSteps: BatchSteps = { beforeCommit: () => {}, rolledBack: () => {} };

export class BatchedWrites {
  readonly #database: DatabaseSync;
  readonly #steps: BatchSteps;
  #queue: Write<unknown>[] = [];

  constructor(database: DatabaseSync, steps: BatchSteps = noSteps) {
    this.#database = database;
    this.#steps = steps;
  }

  /** Writes that come before the event loop's turn ends share a batch. */
  add<T>(write: Write<T>): void {
    if (this.#queue.length === 0) setImmediate(() => this.flush());
    this.#queue.push(write as Write<unknown>);
  }

  flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    const outcomes = this.#committed(batch);
    for (const [at, { answer }] of batch.entries()) answer(outcomes[at]);
  }

  /** The outcomes of the batch: what was written stands when this returns, or every outcome is the error. */
  #committed(batch: readonly Write<unknown>[]): readonly unknown[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const results = batch.map((write) => this.#inSavepoint(write));
      if (results.some(({ stands }) => stands)) this.#steps.beforeCommit();
      this.#database.exec('COMMIT');
      return results.map(({ outcome }) => outcome);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#steps.rolledBack();
      return batch.map(() => asError(error));
    }
  }

  #inSavepoint({ run, isRefused }: Write<unknown>): { outcome: unknown; stands: boolean } {
    this.#database.exec('SAVEPOINT one');
    let outcome: unknown;
    let stands = false;
    try {
      outcome = run();
      stands = !isRefused?.(outcome);
    } catch (error) {
      // A full disk or an I/O error may have ended the whole transaction: then nothing of the batch stands.
      if (!this.#database.isTransaction) throw error;
      outcome = asError(error);
    }
    if (!stands) {
      this.#database.exec('ROLLBACK TO one');
      this.#steps.rolledBack();
    }
    this.#database.exec('RELEASE one');
    return { outcome, stands };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
