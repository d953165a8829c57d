import type { Cursor, HistoryQuery } from '../../resources/resource-store.ts';
import { all, type Fragment, name, sql } from './fragment.ts';

function where(query: HistoryQuery): Fragment[] {
  return [
    ...(query.type === undefined ? [] : [sql`type = ${query.type}`]),
    ...(query.id === undefined ? [] : [sql`id = ${query.id}`]),
    ...(query.since === undefined ? [] : [sql`updated >= ${query.since}`]),
    ...(query.before === undefined ? [] : [sql`updated < ${query.before}`]),
  ];
}

/** One row more than `limit`, to tell that there is a next page. The cursor is the last position. */
export function compileHistory(query: HistoryQuery, limit: number, after?: Cursor): Fragment {
  const position = after?.[0];
  const conditions = where(query);
  if (typeof position === 'number') conditions.push(sql`position ${name(query.oldestFirst ? '>' : '<')} ${position}`);
  const order = name(query.oldestFirst ? 'position' : 'position DESC');
  return sql`SELECT position, type, id, version, updated, method, deleted, body FROM version WHERE ${all(conditions)} ORDER BY ${order} LIMIT ${limit + 1}`;
}

export function compileHistoryCount(query: HistoryQuery): Fragment {
  return sql`SELECT count(*) AS total FROM version WHERE ${all(where(query))}`;
}
