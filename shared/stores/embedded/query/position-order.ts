/** A page in the order of the last change: read straight off the driving index, or off the resources of the type. */
import type { Condition } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import { plan, positions } from './plan.ts';
import type { CountRows } from './rows.ts';
import { behind } from './sort.ts';
import { raw, type Sql, sql } from './sql.ts';

export function inPositionOrder(
  condition: Condition,
  descending: boolean,
  limit: number,
  after: Cursor | undefined,
  count: CountRows,
): Sql {
  const { branches } = plan(condition, 0, true, count);
  const start = after === undefined ? [] : [behind({ keys: [], descending }, after, raw('d0.position'))];
  return sql`${positions(branches, 0, start)} ORDER BY position${raw(descending ? ' DESC' : '')} LIMIT ${limit}`;
}
