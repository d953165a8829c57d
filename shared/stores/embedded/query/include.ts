/** Compiles includes: what a page of matches refers to and what refers to it. */
import type { Condition, Include } from '../../resources/query.ts';
import type { Cursor, IncludeOptions, ResourceKey } from '../../resources/resource-store.ts';
import { holds } from './condition.ts';
import { all, join, names, raw, type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

/** Positions, at most `limit`, of current resources that are not among `from` nor `besides`; each once, in order. */
export function compileInclude(
  from: readonly ResourceKey[],
  include: readonly Include[],
  limit: number,
  { after, besides = [], within }: IncludeOptions = {},
): Sql {
  const found = join(
    grouped(include).map((group) => rowsOf(group, after, within)),
    ' UNION ',
  );
  const others = besides.length === 0 ? raw('') : sql` EXCEPT SELECT position FROM (${resourcesAt(besides)})`;
  return sql`WITH matched AS MATERIALIZED (${resourcesAt(from)}) ${found} EXCEPT SELECT position FROM matched${others} ORDER BY position LIMIT ${limit}`;
}

function resourcesAt(keys: readonly ResourceKey[]): Sql {
  const list = { list: keys.map(({ type, id }) => [{ name: type }, id]) };
  return sql`SELECT r.position, r.type, r.id FROM json_each(${list}) AS m CROSS JOIN resource AS r ON r.id = m.value ->> 1 AND r.type = m.value ->> 0 AND r.deleted = 0`;
}

interface Group {
  readonly kind: Include['kind'];
  readonly params: string[];
  /** Of the resources referred to. */
  readonly types: readonly string[] | undefined;
  /** Of the resources that refer, where the parameter does not say it. */
  readonly sources: readonly string[] | undefined;
}

/** A wildcard is hundreds of includes: those that differ in their parameter only become one. */
function grouped(include: readonly Include[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of include) {
    const { kind, types } = one;
    const sources = kind === 'include' ? undefined : restriction(one);
    const key = JSON.stringify([kind, types, sources]);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, { kind, params: [one.param], types, sources });
    else same.params.push(one.param);
  }
  return [...groups.values()];
}

/** The parameter's own type already says which resources have it. */
function restriction({ param, source }: Include & { readonly kind: 'revinclude' }): readonly string[] | undefined {
  return param.startsWith(`${source}.`) ? undefined : [source];
}

function rowsOf(
  { kind, params, types, sources }: Group,
  after: Cursor | undefined,
  within: Condition | undefined,
): Sql {
  const wanted = (position: Sql) => [
    ...(after === undefined ? [] : [sql`${position} > ${after[0] ?? null}`]),
    ...(within === undefined ? [] : [holds(within, position)]),
  ];
  if (kind === 'include') {
    const ofTypes = types === undefined ? raw('') : sql` AND f.type IN ${names(types)}`;
    const where = all([withinBudget(raw('t')), ...wanted(raw('t.position'))]);
    return sql`SELECT t.position FROM matched CROSS JOIN reference_index AS f ON f.position = matched.position AND f.param IN ${names(params)} AND f.base = 0${ofTypes} CROSS JOIN resource AS t ON t.id = f.id AND t.type = f.type AND t.deleted = 0 WHERE ${where}`;
  }
  const where = all([
    withinBudget(raw('f')),
    ...(types === undefined ? [] : [sql`matched.type IN ${names(types)}`]),
    ...(sources === undefined ? [] : [holds({ kind: 'type', types: sources }, raw('f.position'))]),
    ...wanted(raw('f.position')),
  ]);
  return sql`SELECT f.position FROM matched CROSS JOIN reference_index AS f ON f.param IN ${names(params)} AND f.id = matched.id AND f.type = matched.type AND f.base = 0 WHERE ${where}`;
}
