/**
 * A search must come to an end. SQLite as Node has it cannot be interrupted from outside, so a statement asks for itself
 * whether there is time left: on one row in 61 of every row that it visits (a prime, because positions are multiples of
 * powers of two). `read/time-budget.ts` gives the function; a row costs 25 ns.
 */
import { type Sql, sql } from './sql.ts';

/** Always true. To be the first test of whatever visits rows. */
export function withinBudget(row: Sql): Sql {
  return sql`(${row}.position % 61 <> 0 OR within_budget())`;
}
