/** Compiles history: ranges of positions, of one resource, of a type or of the whole service. */
import type { Cursor, HistoryQuery } from '../../resources/resource-store.ts';
import { firstPositionAt } from '../position.ts';
import { plan, positions } from './plan.ts';
import type { CountRows } from './rows.ts';
import { conditionOf } from './search.ts';
import { all, raw, type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

/** Positions of versions, at most `limit`. */
export function compileHistory(query: HistoryQuery, limit: number, after: Cursor | undefined, count: CountRows): Sql {
  const [at] = after ?? [];
  const start = at === undefined ? [] : [sql`v.position ${raw(query.oldestFirst ? '>' : '<')} ${at}`];
  // One resource's versions are in order of their numbers in an index; of the other levels the position is the key.
  const by = query.id === undefined ? 'v.position' : 'v.version';
  const order = raw(query.oldestFirst ? by : `${by} DESC`);
  const where = all([...inRange(query), ...start]);
  return sql`SELECT v.position FROM ${versions(query, count)} WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;
}

export function compileHistoryCount(query: HistoryQuery, count: CountRows): Sql {
  const where = all([withinBudget(raw('v')), ...inRange(query)]);
  return sql`SELECT count(*) AS total FROM ${versions(query, count)} WHERE ${where}`;
}

/** The log of versions, or the resources that meet the condition, found as a search finds them, and the versions of each. */
function versions({ type, id, within }: HistoryQuery, count: CountRows): Sql {
  if (within === undefined) return raw('version AS v');
  const of = id === undefined ? within : ({ kind: 'and', of: [{ kind: 'id', ids: [id] }, within] } as const);
  const { branches } = plan(
    conditionOf({ types: type === undefined ? undefined : [type], where: of }),
    0,
    false,
    count,
  );
  return sql`(${positions(branches, 0)}) AS p CROSS JOIN resource AS c ON c.position = p.position CROSS JOIN version AS v INDEXED BY version_by_id ON v.type = c.type AND v.id = c.id`;
}

function inRange({ type, id, since, before, behind }: HistoryQuery): Sql[] {
  return [
    ...(type === undefined ? [] : [sql`v.type = ${{ name: type }}`]),
    ...(id === undefined ? [] : [sql`v.id = ${id}`]),
    ...(since === undefined ? [] : [sql`v.position >= ${firstPositionAt(since)}`]),
    ...(before === undefined ? [] : [sql`v.position < ${firstPositionAt(before)}`]),
    ...(behind === undefined ? [] : [sql`v.position > ${behind}`]),
  ];
}
