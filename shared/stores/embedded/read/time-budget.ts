/** How long the statements of one connection may run. Source of the rows' question: `query/within-budget.ts`. */
import type { DatabaseSync } from 'node:sqlite';
import { QueryTooLarge } from '../../resources/query.ts';

/** From now on, or up to an instant in milliseconds since 1970. */
export type TimeLimit = { readonly forMs: number } | { readonly until: number };

export class TimeBudget {
  #end = Number.POSITIVE_INFINITY;

  constructor(database: DatabaseSync) {
    database.function('within_budget', () => {
      if (Date.now() >= this.#end) throw new QueryTooLarge('The search takes too long: narrow it.');
      return 1;
    });
  }

  /** Throws `QueryTooLarge` when the time is over before `work` is done. */
  within<T>(limit: TimeLimit, work: () => T): T {
    this.#end = 'until' in limit ? limit.until : Date.now() + limit.forMs;
    try {
      return work();
    } finally {
      this.#end = Number.POSITIVE_INFINITY;
    }
  }
}
