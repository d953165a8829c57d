/** The order of a search's results and where in that order a page begins. */
import type { Query, SortKey } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import { indexTable, isSimple, sortColumn } from './index-table.ts';
import { join, names, raw, type Scalar, type Sql, some, sql } from './sql.ts';

export type ParameterSort = Extract<SortKey, { readonly by: 'param' }>;
type Key = ParameterSort | { readonly by: 'id' | 'type'; readonly descending: boolean };

export interface Order {
  /** The keys before the position, which makes every order total. */
  readonly keys: readonly Key[];
  readonly descending: boolean;
}

/** `updated` is the order of positions; keys behind it can not matter. Ties go in the direction of the last key. */
export function orderOf(sort: Query['sort']): Order {
  const keys: Key[] = [];
  for (const key of sort) {
    if (key.by === 'updated') return { keys, descending: key.descending };
    keys.push(key.by === 'param' ? key : { by: key.by, descending: key.descending });
  }
  return { keys, descending: keys.at(-1)?.descending ?? false };
}

/** The value of a key for the resource at `position`; null when it has none. Smallest when ascending, greatest when not. */
function keyValue(key: Key, position: Sql): Sql {
  if (key.by !== 'param') return ownValue(key.by, position);
  const { column, table } = sorted(key);
  const { param, others } = key;
  const ofParameter = others ? sql`k.param IN ${names([param, ...others])}` : sql`k.param = ${{ name: param }}`;
  const pick = raw(key.descending ? 'max' : 'min');
  return sql`(SELECT ${pick}(k.${column}) FROM ${table} AS k WHERE k.position = ${position} AND ${ofParameter})`;
}

function ownValue(by: 'id' | 'type', position: Sql): Sql {
  return by === 'id'
    ? sql`(SELECT r.id FROM resource AS r WHERE r.position = ${position})`
    : sql`(SELECT n.text FROM resource AS r CROSS JOIN name AS n ON n.id = r.type WHERE r.position = ${position})`;
}

export function sorted(key: ParameterSort): { column: Sql; table: Sql } {
  if (!isSimple(key.of)) throw new TypeError('Composite values have no order.');
  return { column: sortColumn[key.of], table: indexTable[key.of] };
}

export function orderBy(order: Order): Sql {
  const keys = order.keys.map((key, at) => `k${at}${key.descending ? ' DESC' : ''}`);
  return raw([...keys, `position${order.descending ? ' DESC' : ''}`].join(', '));
}

/** What stands behind the cursor: a greater first key, or the same one and a greater second … Missing values come first. */
export function behind(order: Order, after: Cursor, column: Sql): Sql {
  const position = sql`${column} ${raw(order.descending ? '<' : '>')} ${after[order.keys.length] ?? null}`;
  return order.keys.reduceRight((rest, key, at) => {
    const value: Scalar = after[at] ?? null;
    const k = raw(`k${at}`);
    const same = sql`(${k} IS ${value} AND ${rest})`;
    if (key.descending) return value === null ? same : some([sql`${k} < ${value}`, sql`${k} IS NULL`, same]);
    return value === null ? some([sql`${k} IS NOT NULL`, same]) : some([sql`${k} > ${value}`, same]);
  }, position);
}

export function keyColumns(order: Order, position: Sql): Sql {
  const columns = order.keys.map((key, at) => sql`, ${keyValue(key, position)} AS ${raw(`k${at}`)}`);
  return join(columns, '');
}
