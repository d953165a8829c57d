/** What a search may start from, and which of several it starts from. */
import { all, join, type Sql, sql } from './sql.ts';

/** Rows as `FROM` and `WHERE`. The row named after the depth (`d0`, `d1` …) holds the position of what is found. */
export interface Rows {
  readonly from: Sql;
  readonly where: readonly Sql[];
}

export interface Access {
  /** Smaller: likely to find fewer. Decides where counting does not. */
  readonly rank: number;
  /** Each branch comes in the order of positions without sorting. */
  readonly ordered: boolean;
  /** Together they find every resource that meets the condition, some of them more than once, and no other. */
  readonly branches: readonly Rows[];
  /** How many rows must be looked at, counted up to `most`. */
  readonly rows: (most: number) => number;
  /** The row found is one of the table `resource`, which knows its type. */
  readonly onResource: boolean;
}

export const rank = {
  id: 0,
  reference: 1,
  exact: 2,
  coded: 3,
  closed: 4,
  starts: 5,
  code: 6,
  chain: 7,
  open: 8,
  scan: 9,
} as const;

/** Runs a statement that counts index rows. */
export type CountRows = (statement: Sql) => number;

/** So few that no other access needs to be looked at. */
const FEW = 100;
/** So many that reading resources in the wanted order until the page is full is better than collecting and sorting. */
export const MANY = 3000;

/** Counting keeps a common code from being read to its end when a patient narrows the search. */
export function countOf(rows: readonly Rows[], count: CountRows): (most: number) => number {
  const looks = rows.map(({ from, where }) => sql`SELECT 1 FROM ${from} WHERE ${all(where)}`);
  return (most) => count(sql`SELECT count(*) AS rows FROM (${join(looks, ' UNION ALL ')} LIMIT ${most})`);
}

/** Undefined: test every resource of the type. `inOrder`: wanted in the order of positions, a page at a time. */
export function choose(accesses: readonly (Access | undefined)[], inOrder: boolean): Access | undefined {
  const ranked = accesses.filter((access) => access !== undefined).sort((a, b) => a.rank - b.rank);
  const [best, second] = ranked;
  if (best === undefined || best.rank === rank.id) return best;
  if (second === undefined && (best.ordered || !inOrder)) return best;
  let fewest = MANY;
  let chosen: Access | undefined;
  for (const access of ranked) {
    const rows = access.rows(fewest);
    if (rows < fewest) [fewest, chosen] = [rows, access];
    if (fewest <= FEW) break;
  }
  return chosen ?? (inOrder ? ranked.find((access) => access.ordered) : best);
}
