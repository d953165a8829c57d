/**
 * A page of many matches sorted by one parameter: the parameter's index is read in its order until the page is full.
 * Resources without a value are a statement of their own, before (ascending) or behind (descending) those that have one.
 */
import type { Condition } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import { testsOn } from './plan.ts';
import { inPositionOrder } from './position-order.ts';
import type { CountRows } from './rows.ts';
import { type ParameterSort, sorted } from './sort.ts';
import { all, raw, type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

export function alongIndex(
  condition: Condition,
  key: ParameterSort,
  limit: number,
  after: Cursor | undefined,
  count: CountRows,
): Sql[] {
  const valueless: Condition = { kind: 'not', of: { kind: 'present', param: key.param, of: key.of } };
  const without: Condition = { kind: 'and', of: [condition, valueless] };
  const inValueless = after !== undefined && after[0] === null;
  const afterValue = inValueless ? undefined : after;
  const afterPosition = inValueless ? after.slice(1) : undefined;
  const withOne = () => withValue(condition, key, limit, afterValue);
  const withNone = () => inPositionOrder(without, key.descending, limit, afterPosition, count);
  if (key.descending) return inValueless ? [withNone()] : [withOne(), withNone()];
  return afterValue === undefined ? [withNone(), withOne()] : [withOne()];
}

/** Of a resource's values only the one that it sorts by counts: the smallest when ascending, the greatest when not. */
function withValue(condition: Condition, key: ParameterSort, limit: number, after: Cursor | undefined): Sql {
  const { column, table } = sorted(key);
  const [before, behind, direction] = key.descending ? ['>', '<', ' DESC'] : ['<', '>', ''];
  const where = [
    withinBudget(raw('d0')),
    sql`d0.param = ${{ name: key.param }}`,
    ...(after === undefined
      ? []
      : [sql`(d0.${column}, d0.position) ${raw(behind)} (${after[0] ?? null}, ${after[1] ?? null})`]),
    sql`NOT EXISTS (SELECT 1 FROM ${table} AS m WHERE m.position = d0.position AND m.param = d0.param AND m.${column} ${raw(before)} d0.${column})`,
    ...testsOn(condition, raw('d0'), 0, key.param),
  ];
  return sql`SELECT d0.position AS position, d0.${column} AS k0 FROM ${table} AS d0 WHERE ${all(where)} GROUP BY d0.${column}, d0.position ORDER BY d0.${column}${raw(direction)}, d0.position${raw(direction)} LIMIT ${limit}`;
}
