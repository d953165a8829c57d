/** Compiles history: ranges of positions, of one resource, of a type or of the whole service. */
import type { Cursor, HistoryQuery } from '../../resources/resource-store.ts';
import { firstPositionAt } from '../position.ts';
import { all, raw, type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

/** Positions of versions, at most `limit`. */
export function compileHistory(query: HistoryQuery, limit: number, after: Cursor | undefined): Sql {
  const [at] = after ?? [];
  const start = at === undefined ? [] : [sql`position ${raw(query.oldestFirst ? '>' : '<')} ${at}`];
  // One resource's versions are in order of their numbers in an index; of the other levels the position is the key.
  const by = query.id === undefined ? 'position' : 'version';
  const order = raw(query.oldestFirst ? by : `${by} DESC`);
  return sql`SELECT position FROM version WHERE ${all([...within(query), ...start])} ORDER BY ${order} LIMIT ${limit}`;
}

export function compileHistoryCount(query: HistoryQuery): Sql {
  return sql`SELECT count(*) AS total FROM version WHERE ${all([withinBudget(raw('version')), ...within(query)])}`;
}

function within({ type, id, since, before, behind }: HistoryQuery): Sql[] {
  return [
    ...(type === undefined ? [] : [sql`type = ${{ name: type }}`]),
    ...(id === undefined ? [] : [sql`id = ${id}`]),
    ...(since === undefined ? [] : [sql`position >= ${firstPositionAt(since)}`]),
    ...(before === undefined ? [] : [sql`position < ${firstPositionAt(before)}`]),
    ...(behind === undefined ? [] : [sql`position > ${behind}`]),
  ];
}
