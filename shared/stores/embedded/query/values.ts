/** Several tests of one parameter, any of which may pass: `code=a,b` is one look at a resource's codes, not two. */
import type { Condition, ValueTest } from '../../resources/query.ts';
import { type Equalities, equalities } from './equalities.ts';
import { type List, names, raw, type Sql, some, sql } from './sql.ts';
import { tableOf, testRow } from './value-test.ts';

export interface Values {
  readonly kind: 'values';
  /** Several: a value of any of them may pass. */
  readonly params: readonly [string, ...string[]];
  readonly tests: readonly [ValueTest, ...ValueTest[]];
}

/** A condition whose value tests of the same parameter and table are gathered. */
export type Gathered = Exclude<Condition, { kind: 'value' }> | Values;

/** The members of an `or`, nested ones included. */
export function gather(members: readonly Condition[]): Gathered[] {
  const gathered: Gathered[] = [];
  const tests = new Map<string, ValueTest[]>();
  for (const member of flatten(members)) {
    if (member.kind !== 'value') {
      gathered.push(member);
      continue;
    }
    const key = `${tableOf(member.test).text} ${member.param}`;
    const same = tests.get(key);
    if (same !== undefined) {
      same.push(member.test);
      continue;
    }
    const first: [ValueTest, ...ValueTest[]] = [member.test];
    tests.set(key, first);
    gathered.push({ kind: 'values', params: [member.param], tests: first });
  }
  return referringToOne(gathered);
}

/** From this many parameters on that refer to the same resource, as those of a compartment do, they are one look. */
const MANY_PARAMS = 10;

function referringToOne(gathered: readonly Gathered[]): Gathered[] {
  const target = (one: Gathered) => {
    if (one.kind !== 'values' || one.tests.length > 1 || one.tests[0].kind !== 'reference') return undefined;
    return JSON.stringify(one.tests[0]);
  };
  const together = new Map<string, Values>();
  for (const [key, same] of Map.groupBy(gathered, target)) {
    const values = same.filter((one) => one.kind === 'values');
    const [first] = values;
    if (key === undefined || !first || values.length < MANY_PARAMS) continue;
    const [param, ...others] = values.map(({ params }) => params[0]);
    together.set(key, { ...first, params: [param ?? first.params[0], ...others] });
  }
  if (together.size === 0) return [...gathered];
  const others = gathered.filter((one) => !together.has(target(one) ?? ''));
  return [...together.values(), ...others];
}

/** The row is a value of one of the parameters. */
export function ofParams(row: Sql, params: Values['params']): Sql {
  if (params.length === 1) return sql`${row}.param = ${{ name: params[0] }}`;
  return sql`${row}.param IN ${names(params)}`;
}

function flatten(members: readonly Condition[]): Condition[] {
  return members.flatMap((member) => (member.kind === 'or' ? flatten(member.of) : [member]));
}

/** Passes when the row passes one of the tests. */
export function testRowForAny(row: Sql, tests: Values['tests']): Sql {
  if (tests.length === 1) return testRow(row, tests[0]);
  const listed = listOf(tests);
  return listed === undefined ? some(tests.map((test) => sql`(${testRow(row, test)})`)) : inList(row, listed);
}

export interface ListedTests {
  readonly columns: Equalities['columns'];
  readonly lead: boolean;
  readonly list: List;
}

/** Two or more tests of the same columns as one list of their values. */
export function listOf(tests: Values['tests']): ListedTests | undefined {
  const each = tests.map(equalities);
  const [first] = each;
  if (first === undefined || first.columns.length === 0 || tests.length === 1) return undefined;
  const columns = first.columns.join();
  const rows = each.map((tested) => (tested?.columns.join() === columns ? tested.values : undefined));
  if (!rows.every((row) => row !== undefined)) return undefined;
  return { columns: first.columns, lead: first.lead, list: { list: rows } };
}

function inList(row: Sql, { columns, list }: ListedTests): Sql {
  const tested = raw(columns.map((column) => `${row.text}.${column}`).join(', '));
  const values = raw(columns.map((_, at) => `value ->> ${at}`).join(', '));
  return sql`(${tested}) IN (SELECT ${values} FROM json_each(${list}))`;
}
