import type { Include } from '../../resources/query.ts';
import { parameter } from './condition.ts';
import { type Fragment, joined, sql, values } from './fragment.ts';

/** The resources that `includes` add to the versions at `positions` (a JSON array), without these, each once. */
export function compileInclude(positions: string, includes: readonly Include[], limit: number): Fragment {
  const found = includes.map((include) => {
    if (include.kind === 'include') {
      const typed = include.types ? sql` AND t.type IN (${values(include.types)})` : sql``;
      return sql`SELECT t.position FROM json_each(${positions}) m CROSS JOIN reference_index i ON i.position = m.value AND i.param = ${parameter(include.param)} AND i.base = '' CROSS JOIN resource t ON t.type = i.type AND t.id = i.id WHERE t.deleted = 0${typed}`;
    }
    return sql`SELECT t.position FROM json_each(${positions}) m CROSS JOIN resource k ON k.position = m.value CROSS JOIN reference_index i ON i.param = ${parameter(include.param)} AND i.id = k.id AND i.type = k.type AND i.base = '' CROSS JOIN resource t ON t.position = i.position WHERE t.deleted = 0 AND t.type = ${include.source}`;
  });
  return sql`SELECT v.position, v.type, v.id, v.version, v.updated, v.method, v.deleted, v.body FROM (SELECT position FROM (${joined(found, ' UNION ')}) WHERE position NOT IN (SELECT value FROM json_each(${positions})) ORDER BY position LIMIT ${limit + 1}) p CROSS JOIN version v ON v.position = p.position ORDER BY p.position`;
}
