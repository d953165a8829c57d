/** A condition as a boolean expression over one row of `resource`. */
import type { IndexKind, ParameterKey } from '../../resources/index-entry.ts';
import type { Condition, ValueTest } from '../../resources/query.ts';
import { all, any, type Fragment, name, sql, values } from './fragment.ts';
import { selectPositions } from './select.ts';
import { columnsOf, compileRange, compileTest, componentColumns } from './value-test.ts';

/** Deeper trees are refused: SQLite nests expressions only so deep, and no reasonable search is. */
const maxDepth = 50;

/** `row`: the alias of `resource` whose row is tested. */
export function compileCondition(condition: Condition, row: string, depth = 0): Fragment {
  if (depth > maxDepth) throw new Error('The query is nested too deeply.');
  const position = name(`${row}.position`);
  switch (condition.kind) {
    case 'and':
      return all(condition.of.map((each) => compileCondition(each, row, depth + 1)));
    case 'or':
      return any(gathered(condition.of, row, depth));
    case 'not':
      return sql`NOT ${compileCondition(condition.of, row, depth + 1)}`;
    case 'nothing':
      return name('0');
    case 'type':
      return sql`${name(`${row}.type`)} IN (${values(condition.types)})`;
    case 'id':
      return sql`${name(`${row}.id`)} IN (${values(condition.ids)})`;
    case 'updated':
      return compileRange(condition.range, { low: name(`${row}.updated`), high: name(`${row}.updated`) });
    case 'present':
      return sql`EXISTS (SELECT 1 FROM ${table(condition.of)} i WHERE i.position = ${position} AND i.param = ${parameter(condition.param)})`;
    case 'value':
      return exists(condition.param, [condition.test], position);
    case 'composite': {
      const parts = condition.parts.map((part, index) => compileTest(part, componentColumns(index, 'i')));
      return sql`EXISTS (SELECT 1 FROM composite_index i WHERE i.position = ${position} AND i.param = ${parameter(condition.param)} AND ${all(parts)})`;
    }
    case 'chain': {
      const targets = selectPositions(condition.types, condition.where, depth + 1);
      return sql`${position} IN (SELECT i.position FROM (${targets}) t CROSS JOIN resource k ON k.position = t.position CROSS JOIN reference_index i ON i.param = ${parameter(condition.param)} AND i.id = k.id AND i.type = k.type AND i.base = '')`;
    }
    case 'referenced-by': {
      const sources = selectPositions([condition.source], condition.where, depth + 1);
      return sql`${position} IN (SELECT k.position FROM (${sources}) s CROSS JOIN reference_index i ON i.position = s.position AND i.param = ${parameter(condition.param)} AND i.base = '' CROSS JOIN resource k ON k.type = i.type AND k.id = i.id)`;
    }
  }
}

/** The number of a parameter: a constant for SQLite, found once per statement. */
export function parameter(key: ParameterKey): Fragment {
  return sql`(SELECT id FROM parameter WHERE key = ${key})`;
}

export function table(kind: IndexKind): Fragment {
  return name(`${kind}_index`);
}

/** Alternatives of one parameter are tested in one look at its rows. */
function gathered(alternatives: readonly Condition[], row: string, depth: number): Fragment[] {
  const tests = new Map<string, { param: ParameterKey; tests: ValueTest[] }>();
  const others: Fragment[] = [];
  for (const alternative of alternatives) {
    if (alternative.kind !== 'value') {
      others.push(compileCondition(alternative, row, depth + 1));
      continue;
    }
    const key = `${alternative.param} ${alternative.test.kind}`;
    const group = tests.get(key) ?? { param: alternative.param, tests: [] };
    tests.set(key, group);
    group.tests.push(alternative.test);
  }
  const position = name(`${row}.position`);
  return [...[...tests.values()].map((group) => exists(group.param, group.tests, position)), ...others];
}

function exists(param: ParameterKey, tests: readonly ValueTest[], position: Fragment): Fragment {
  const kind = (tests[0] as ValueTest).kind;
  const columns = columnsOf(kind, 'i');
  const tested = anyTest(tests, columns);
  return sql`EXISTS (SELECT 1 FROM ${table(kind)} i WHERE i.position = ${position} AND i.param = ${parameter(param)} AND ${tested})`;
}

/** Plain equality of many codes or ids becomes one IN list. */
export function anyTest(tests: readonly ValueTest[], columns: ReturnType<typeof columnsOf>): Fragment {
  const plain = tests.filter(
    (test) => test.kind === 'token' && test.code !== undefined && test.system === undefined && test.text === undefined,
  );
  if (plain.length === tests.length && plain.length > 1) {
    const codes = plain.map((test) => (test.kind === 'token' ? (test.code ?? '') : ''));
    return sql`${columns.text} IN (${values(codes)})`;
  }
  return any(tests.map((test) => compileTest(test, columns)));
}
