/**
 * References from one current resource to another. Only references to this service (`base` 0) with a known type are
 * followed; the type is part of the target's identity.
 */
import type { Condition } from '../../resources/query.ts';
import { names, raw, type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

/** From a resource to its targets `t`. */
export function chainRows(condition: Condition & { readonly kind: 'chain' }, position: Sql, depth: number): Sql {
  const f = raw(`f${depth}`);
  const t = raw(`t${depth}`);
  return sql`reference_index AS ${f} CROSS JOIN resource AS ${t} ON ${t}.id = ${f}.id AND ${t}.type = ${f}.type AND ${t}.deleted = 0 WHERE ${withinBudget(t)} AND ${f}.position = ${position} AND ${f}.param = ${{ name: condition.param }} AND ${f}.base = 0 AND ${f}.type IN ${names(condition.types)}`;
}

/** From a resource to the references `f` that point at it. */
export function referencingRows(
  condition: Condition & { readonly kind: 'referenced-by' },
  position: Sql,
  depth: number,
): Sql {
  const f = raw(`f${depth}`);
  const t = raw(`t${depth}`);
  return sql`resource AS ${t} CROSS JOIN reference_index AS ${f} ON ${f}.param = ${{ name: condition.param }} AND ${f}.id = ${t}.id AND ${f}.type = ${t}.type AND ${f}.base = 0 WHERE ${withinBudget(f)} AND ${t}.position = ${position}`;
}

/** References `f` to a resource by whatever of the parameters. */
export function anyReferenceTo(params: readonly string[], position: Sql, depth: number): Sql {
  const f = raw(`f${depth}`);
  const t = raw(`t${depth}`);
  return sql`resource AS ${t} CROSS JOIN reference_index AS ${f} ON ${f}.param IN ${names(params)} AND ${f}.id = ${t}.id AND ${f}.type = ${t}.type AND ${f}.base = 0 WHERE ${t}.position = ${position}`;
}
