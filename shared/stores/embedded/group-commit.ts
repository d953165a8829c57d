/**
 * Group commit: while one batch is on its way to the disk, commits gather; the next batch takes them all. A single writer
 * waits for one sync, many writers share one.
 */
import type { CommitResult } from '../resources/resource-store.ts';
import type { Batch, BatchResult, CommitRequest } from './commit-request.ts';

/** Changes in one batch: bounds the time until the first of a batch is answered, and what is held in memory twice. */
const maxChanges = 2000;

interface Waiting {
  readonly commit: CommitRequest;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: Error) => void;
}

export class GroupCommit {
  private readonly write: (batch: Batch) => Promise<BatchResult>;
  private waiting: Waiting[] = [];
  private busy = false;
  private idle: (() => void)[] = [];

  /** `write` makes a batch durable; it is never called before the call before has answered. */
  constructor(write: (batch: Batch) => Promise<BatchResult>) {
    this.write = write;
  }

  commit(commit: CommitRequest): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ commit, resolve, reject });
      if (!this.busy) void this.run();
    });
  }

  /** Resolves when nothing is waiting or under way. */
  settled(): Promise<void> {
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private async run(): Promise<void> {
    this.busy = true;
    // What is asked for in the same turn of the event loop goes into the same batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const batch = this.take();
      const result = await this.write({ commits: batch.map(({ commit }) => commit), now: Date.now() }).catch(
        (error: unknown): BatchResult => ({ failure: String(error) }),
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const each = 'results' in result ? result.results[index] : undefined;
        if (each) resolve(each);
        else reject(new Error(`The store could not write: ${'failure' in result ? result.failure : 'no result'}`));
      }
    }
    this.busy = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private take(): Waiting[] {
    let changes = 0;
    let count = 0;
    while (count < this.waiting.length && (count === 0 || changes < maxChanges)) {
      changes += this.waiting[count]?.commit.changes.length ?? 0;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}
