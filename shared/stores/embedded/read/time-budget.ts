/** How long the statements of one connection may run. Source of the rows' question: `query/within-budget.ts`. */
import type { DatabaseSync } from 'node:sqlite';
import { QueryTooLarge } from '../../resources/query.ts';

/** Milliseconds of this thread's own work, whatever else the machine has to do; or an instant in milliseconds since 1970. */
export type TimeLimit = { readonly forMs: number } | { readonly until: number };

export class TimeBudget {
  /** When to look again, in milliseconds since 1970. */
  #next = Number.POSITIVE_INFINITY;
  #left: () => number = () => 0;

  constructor(database: DatabaseSync) {
    database.function('within_budget', () => {
      if (Date.now() >= this.#next) this.#look();
      return 1;
    });
  }

  /** Throws `QueryTooLarge` when the time is over before `work` is done. */
  within<T>(limit: TimeLimit, work: () => T): T {
    this.#left = 'until' in limit ? () => limit.until - Date.now() : workLeft(limit.forMs);
    this.#next = 'until' in limit ? limit.until : Date.now() + limit.forMs;
    try {
      return work();
    } finally {
      this.#next = Number.POSITIVE_INFINITY;
    }
  }

  #look(): void {
    const left = this.#left();
    if (left <= 0) throw new QueryTooLarge('The search takes too long: narrow it.');
    this.#next = Date.now() + left;
  }
}

/** Counted from the first look on, when `forMs` have passed: the system call (5 µs) is not for searches that are quick. */
function workLeft(forMs: number): () => number {
  let before: ReturnType<typeof process.threadCpuUsage> | undefined;
  return () => {
    before ??= process.threadCpuUsage();
    const { user, system } = process.threadCpuUsage(before);
    return forMs - (user + system) / 1000;
  };
}
