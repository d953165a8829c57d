/** Compiles a search to statements, each text and parameters. Pure: the same query gives the same statements. */
import type { Condition, Query } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import { alongIndex } from './along-index.ts';
import { type Plan, plan, positions } from './plan.ts';
import { inPositionOrder } from './position-order.ts';
import { type CountRows, MANY } from './rows.ts';
import { behind, keyColumns, type Order, orderBy, orderOf, type ParameterSort } from './sort.ts';
import { raw, type Sql, sql } from './sql.ts';

export interface Search {
  /** Run one after the other until the page is full. Rows: `position`, then one column per sort key (`k0` …). */
  readonly statements: readonly Sql[];
  readonly keys: number;
}

/** `limit` rows at most; `after` is a cursor made of a row: its sort keys, then its position. */
export function compileSearch(query: Query, limit: number, after: Cursor | undefined, count: CountRows): Search {
  const condition = conditionOf(query);
  const order = orderOf(query.sort);
  if (order.keys.length === 0)
    return { statements: [inPositionOrder(condition, order.descending, limit, after, count)], keys: 0 };
  const found = plan(condition, 0, false, count);
  const key = indexKey(order);
  if (key !== undefined && (found.everything || found.rows(MANY) >= MANY)) {
    return { statements: alongIndex(condition, key, limit, after, count), keys: 1 };
  }
  return { statements: [collected(found, order, limit, after)], keys: order.keys.length };
}

/** The one key whose index has the order: its rows are by value, then by position in the same direction. */
function indexKey({ keys: [key, second], descending }: Order): ParameterSort | undefined {
  const isOne = key?.by === 'param' && key.others === undefined && second === undefined;
  return isOne && key.descending === descending ? key : undefined;
}

export function compileCount(query: Query, count: CountRows, most?: number): Sql {
  const found = plan(conditionOf(query), 0, false, count);
  const limit = most === undefined ? raw('') : sql` LIMIT ${most}`;
  return sql`SELECT count(*) AS total FROM (${positions(found.branches, 0)}${limit})`;
}

export function conditionOf({ types, where }: Pick<Query, 'types' | 'where'>): Condition {
  return {
    kind: 'and',
    of: [...(types === undefined ? [] : [{ kind: 'type' as const, types }]), ...(where === undefined ? [] : [where])],
  };
}

/** The matches are few: all are looked at and sorted. */
function collected(found: Plan, order: Order, limit: number, after: Cursor | undefined): Sql {
  const rows = sql`SELECT p.position AS position${keyColumns(order, raw('p.position'))} FROM (${positions(found.branches, 0)}) AS p`;
  const page = after === undefined ? rows : sql`SELECT * FROM (${rows}) WHERE ${behind(order, after, raw('position'))}`;
  return sql`${page} ORDER BY ${orderBy(order)} LIMIT ${limit}`;
}
