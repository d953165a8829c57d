/** Compiles includes: what a page of matches refers to and what refers to it. */
import type { Include } from '../../resources/query.ts';
import type { ResourceKey } from '../../resources/resource-store.ts';
import { holds } from './condition.ts';
import { join, names, raw, type Sql, sql } from './sql.ts';

/** Positions, at most `limit`, of current resources that are not among `from`; each once. */
export function compileInclude(from: readonly ResourceKey[], include: readonly Include[], limit: number): Sql {
  const keys = { list: from.map(({ type, id }) => [{ name: type }, id]) };
  const matched = sql`SELECT r.position, r.type, r.id FROM json_each(${keys}) AS m CROSS JOIN resource AS r ON r.id = m.value ->> 1 AND r.type = m.value ->> 0 AND r.deleted = 0`;
  const found = join(grouped(include).map(rowsOf), ' UNION ');
  return sql`WITH matched AS MATERIALIZED (${matched}) ${found} EXCEPT SELECT position FROM matched ORDER BY position LIMIT ${limit}`;
}

interface Group {
  readonly kind: Include['kind'];
  readonly params: string[];
  readonly types: readonly string[] | undefined;
}

/** A wildcard is hundreds of includes: those that differ in their parameter only become one. */
function grouped(include: readonly Include[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of include) {
    const types = one.kind === 'include' ? one.types : restriction(one);
    const key = JSON.stringify([one.kind, types]);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, { kind: one.kind, params: [one.param], types });
    else same.params.push(one.param);
  }
  return [...groups.values()];
}

/** The parameter's own type already says which resources have it. */
function restriction({ param, source }: Include & { readonly kind: 'revinclude' }): readonly string[] | undefined {
  return param.startsWith(`${source}.`) ? undefined : [source];
}

function rowsOf({ kind, params, types }: Group): Sql {
  if (kind === 'include') {
    const ofTypes = types === undefined ? raw('') : sql` AND f.type IN ${names(types)}`;
    return sql`SELECT t.position FROM matched CROSS JOIN reference_index AS f ON f.position = matched.position AND f.param IN ${names(params)} AND f.base = 0${ofTypes} CROSS JOIN resource AS t ON t.id = f.id AND t.type = f.type AND t.deleted = 0`;
  }
  const ofTypes = types === undefined ? raw('') : sql` WHERE ${holds({ kind: 'type', types }, raw('f.position'))}`;
  return sql`SELECT f.position FROM matched CROSS JOIN reference_index AS f ON f.param IN ${names(params)} AND f.id = matched.id AND f.type = matched.type AND f.base = 0${ofTypes}`;
}
