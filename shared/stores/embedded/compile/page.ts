/** One page of a search: sorted, continued behind a cursor, with the texts of its resources. */
import type { IndexKind } from '../../resources/index-entry.ts';
import type { Query, SortKey } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import { parameter, table } from './condition.ts';
import { all, any, type Fragment, joined, name, sql } from './fragment.ts';
import { fromWhere } from './select.ts';
import { columnsOf } from './value-test.ts';

/**
 * The columns are those of `StoredResource` and the sort values `k0`, `k1` …, which with the position make the cursor.
 * One row more than `limit` is asked for: it tells that there is a next page.
 */
export function compilePage(query: Query, limit: number, after?: Cursor): Fragment {
  const keys = query.sort.filter((key) => !(key.by === 'updated' && !key.descending));
  const sortValues = keys.map((key, index) => sql`, ${sortValue(key)} AS ${name(`k${index}`)}`);
  const order = orderOf(keys);
  const found = sql`SELECT r.position${joined(sortValues, '')} ${fromWhere(query.types, query.where)}`;
  const page = sql`SELECT * FROM (${found}) WHERE ${behind(keys, after)} ORDER BY ${order} LIMIT ${limit + 1}`;
  const columns = name('v.position, v.type, v.id, v.version, v.updated, v.method, v.deleted, v.body');
  const kept = name(keys.map((_, index) => `, p.k${index}`).join(''));
  return sql`SELECT ${columns}${kept} FROM (${page}) p CROSS JOIN version v ON v.position = p.position ORDER BY ${orderOf(keys, 'p.')}`;
}

/** Values that stand for a resource in the order: the least of several when ascending, the greatest when descending. */
function sortValue(key: SortKey): Fragment {
  if (key.by !== 'param') return name(`r.${key.by}`);
  const choose = name(key.descending ? 'max' : 'min');
  return sql`(SELECT ${choose}(${name(sortColumn(key.of, key.descending))}) FROM ${table(key.of)} s WHERE s.position = r.position AND s.param = ${parameter(key.param)})`;
}

/** A range sorts by its low end when ascending, by its high end when descending. */
function sortColumn(kind: IndexKind, descending: boolean): string {
  if (kind === 'date' || kind === 'number' || kind === 'quantity') return descending ? 's.high' : 's.low';
  return columnsOf(kind, 's').text.text;
}

/** Resources without a value come first when ascending, last when descending (AHDS): SQLite's own order of NULL. */
function orderOf(keys: readonly SortKey[], prefix = ''): Fragment {
  const columns = keys.map(({ descending }, index) => `${prefix}k${index}${descending ? ' DESC' : ''}`);
  return name([...columns, `${prefix}position`].join(', '));
}

/** Keyset paging: behind the cursor is what differs first in a later value. `IS` compares NULL like any value. */
function behind(keys: readonly SortKey[], after: Cursor | undefined): Fragment {
  if (!after) return name('1');
  const position = after[keys.length];
  if (after.length !== keys.length + 1 || typeof position !== 'number')
    throw new Error('The cursor belongs to another query.');
  const alternatives: Fragment[] = [];
  const equal: Fragment[] = [];
  for (const [index, { descending }] of keys.entries()) {
    const column = name(`k${index}`);
    const value = after[index] ?? null;
    const later = laterThan(column, value, descending);
    if (later) alternatives.push(all([...equal, later]));
    equal.push(value === null ? sql`${column} IS NULL` : sql`${column} = ${value}`);
  }
  alternatives.push(all([...equal, sql`position > ${position}`]));
  return any(alternatives);
}

function laterThan(column: Fragment, value: string | number | null, descending: boolean): Fragment | undefined {
  if (descending) return value === null ? undefined : sql`(${column} < ${value} OR ${column} IS NULL)`;
  return value === null ? sql`${column} IS NOT NULL` : sql`${column} > ${value}`;
}
