/** A condition as a true-or-false expression on the position of a current resource. */
import type { Condition } from '../../resources/query.ts';
import { anyReferenceTo, chainRows, referencingRows } from './chain.ts';
import { compositeRows } from './composite.ts';
import { indexTable, isSimple, partKey } from './index-table.ts';
import { all, names, never, raw, type Sql, some, sql } from './sql.ts';
import { hasText } from './text.ts';
import { updatedWithin } from './updated.ts';
import { tableOf } from './value-test.ts';
import { type Gathered, gather, ofParams, testRowForAny, type Values } from './values.ts';

/** `position`: the column that is tested. `depth` keeps the aliases of nested chains apart. */
export function holds(condition: Gathered | Condition, position: Sql, depth = 0): Sql {
  switch (condition.kind) {
    case 'and':
      return sql`(${all(condition.of.map((member) => holds(member, position, depth)))})`;
    case 'or':
      return some(gather(condition.of).map((member) => holds(member, position, depth)));
    case 'not':
      return sql`NOT ${holds(condition.of, position, depth)}`;
    case 'nothing':
      return never;
    case 'type':
      return onResource(position, sql`r.type IN ${names(condition.types)}`);
    case 'id':
      return onResource(position, sql`r.id IN (SELECT value FROM json_each(${{ list: condition.ids }}))`);
    case 'updated':
      return updatedWithin(position, condition.range);
    case 'present':
      return present(condition, position);
    case 'value':
      return someValue({ kind: 'values', params: [condition.param], tests: [condition.test] }, position);
    case 'values':
      return someValue(condition, position);
    case 'composite': {
      const { from, where } = compositeRows(condition, raw('c'), 0);
      return sql`EXISTS (SELECT 1 FROM ${from} WHERE c.position = ${position} AND ${all(where)})`;
    }
    case 'text':
      return hasText(condition, position);
    case 'chain': {
      const target = raw(`t${depth}.position`);
      const where = holds(condition.where, target, depth + 1);
      return sql`EXISTS (SELECT 1 FROM ${chainRows(condition, position, depth)} AND ${where})`;
    }
    case 'referenced-by': {
      const source = raw(`f${depth}.position`);
      const where = holds(sourceCondition(condition), source, depth + 1);
      return sql`EXISTS (SELECT 1 FROM ${referencingRows(condition, position, depth)} AND ${where})`;
    }
    case 'referenced': {
      const rows = anyReferenceTo(condition.by, position, depth);
      if (!condition.where) return sql`EXISTS (SELECT 1 FROM ${rows})`;
      return sql`EXISTS (SELECT 1 FROM ${rows} AND ${holds(condition.where, raw(`f${depth}.position`), depth + 1)})`;
    }
  }
}

/** What the referring resource must meet: its type too, unless the parameter belongs to that type alone. */
function sourceCondition(condition: Condition & { readonly kind: 'referenced-by' }): Condition {
  if (condition.param.startsWith(`${condition.source}.`)) return condition.where;
  return { kind: 'and', of: [{ kind: 'type', types: [condition.source] }, condition.where] };
}

function onResource(position: Sql, test: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM resource AS r WHERE r.position = ${position} AND ${test})`;
}

function someValue({ params, tests }: Values, position: Sql): Sql {
  const passes = testRowForAny(raw('i'), tests);
  return sql`EXISTS (SELECT 1 FROM ${tableOf(tests[0])} AS i WHERE i.position = ${position} AND ${ofParams(raw('i'), params)} AND ${passes})`;
}

/** A composite value is known by its first part, which may be of any kind. */
function present({ param, of }: Condition & { readonly kind: 'present' }, position: Sql): Sql {
  const tables = isSimple(of) ? [indexTable[of]] : Object.values(indexTable);
  const key = { name: isSimple(of) ? param : partKey(param, 0) };
  return some(
    tables.map(
      (table) => sql`EXISTS (SELECT 1 FROM ${table} AS i WHERE i.position = ${position} AND i.param = ${key})`,
    ),
  );
}
