/**
 * Writes that share a commit: those that come while the disk is busy are one transaction, and the one wait for the disk at
 * its end serves them all. Each is answered only after that. One that fails takes back itself alone.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface Write<T> {
  readonly run: () => T;
  readonly answer: (outcome: T | Error) => void;
}

export class BatchedWrites {
  readonly #database: DatabaseSync;
  #queue: Write<unknown>[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  add<T>(write: Write<T>): void {
    if (this.#queue.length === 0) setImmediate(() => this.flush());
    this.#queue.push(write as Write<unknown>);
  }

  flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const outcomes = batch.map((write) => this.#inSavepoint(write));
      this.#database.exec('COMMIT');
      for (const [at, { answer }] of batch.entries()) answer(outcomes[at]);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const { answer } of batch) answer(asError(error));
    }
  }

  #inSavepoint({ run }: Write<unknown>): unknown {
    this.#database.exec('SAVEPOINT one');
    try {
      const outcome = run();
      this.#database.exec('RELEASE one');
      return outcome;
    } catch (error) {
      // A full disk may have ended the whole transaction: then nothing of the batch stands.
      if (!this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO one');
      this.#database.exec('RELEASE one');
      return asError(error);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
