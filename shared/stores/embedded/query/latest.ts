/** Each match of a query once, in no order, with the values that group it and its latest date: all from the indexes. */
import type { LatestQuery } from '../../resources/latest.ts';
import { indexTable, sortColumn, tokenTextTable } from './index-table.ts';
import { plan, positions } from './plan.ts';
import type { CountRows } from './rows.ts';
import { conditionOf } from './search.ts';
import { type Sql, sql } from './sql.ts';

/** Rows: `position`, `vals` (JSON, the number of the system before each code), `date`. */
export function compileLatest({ query, by, date }: LatestQuery, count: CountRows): Sql {
  const { branches } = plan(conditionOf(query), 0, false, count);
  const key = { name: by };
  const codes = sql`SELECT json_group_array(t.value) FROM (SELECT c.system || ' ' || c.code AS value FROM ${indexTable.token} AS c WHERE c.position = p.position AND c.param = ${key} AND c.code <> '' ORDER BY c.code, c.system) AS t`;
  const text = sql`SELECT json_array(coalesce(min(x.text), '')) FROM ${tokenTextTable} AS x WHERE x.position = p.position AND x.param = ${key}`;
  const latest = sql`SELECT max(d.${sortColumn.date}) FROM ${indexTable.date} AS d WHERE d.position = p.position AND d.param = ${{ name: date }}`;
  const coded = sql`SELECT p.position AS position, (${codes}) AS codes, (${latest}) AS date FROM (${positions(branches, 0)}) AS p`;
  return sql`SELECT p.position AS position, CASE WHEN p.codes = '[]' THEN (${text}) ELSE p.codes END AS vals, p.date AS date FROM (${coded}) AS p`;
}
