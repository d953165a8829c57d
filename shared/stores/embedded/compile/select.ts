/** The current resources that a query finds, as SELECT over `resource r`. */
import type { Condition, Query } from '../../resources/query.ts';
import { anyTest, compileCondition, parameter, table } from './condition.ts';
import { chooseDriver } from './driver.ts';
import { all, type Fragment, name, sql, values } from './fragment.ts';
import { columnsOf } from './value-test.ts';

/**
 * `FROM … WHERE … [GROUP BY …]`. With a driver the rows come in the order of positions where its index gives that; the
 * grouping makes each resource come once. CROSS JOIN keeps SQLite from turning the order of the tables around.
 */
export function fromWhere(types: readonly string[] | undefined, where: Condition | undefined, depth = 0): Fragment {
  const chosen = chooseDriver(where);
  const tested = chosen ? chosen.rest : where === undefined ? [] : [where];
  // With a driver the type is only tested, "+" keeps its index out.
  const type = types === undefined ? [] : [sql`${name(chosen ? '+r.type' : 'r.type')} IN (${values(types)})`];
  const conditions = [
    ...type,
    name(chosen ? '+r.deleted = 0' : 'r.deleted = 0'),
    ...tested.map((each) => compileCondition(each, 'r', depth + 1)),
  ];
  if (!chosen) return sql`FROM resource r WHERE ${all(conditions)}`;
  const { param, tests } = chosen.driver;
  const kind = (tests[0] as (typeof tests)[number]).kind;
  const found = anyTest(tests, columnsOf(kind, 'd'));
  return sql`FROM ${table(kind)} d CROSS JOIN resource r ON r.position = d.position WHERE d.param = ${parameter(param)} AND ${found} AND ${all(conditions)} GROUP BY d.position`;
}

/** Positions only, for a query inside another. */
export function selectPositions(types: readonly string[], where: Condition, depth: number): Fragment {
  return sql`SELECT r.position ${fromWhere(types, where, depth)}`;
}

export function compileCount(query: Query): Fragment {
  return sql`SELECT count(*) AS total FROM (SELECT 1 ${fromWhere(query.types, query.where)})`;
}
