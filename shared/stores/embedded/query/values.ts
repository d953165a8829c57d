/** Several tests of one parameter, any of which may pass: `code=a,b` is one look at a resource's codes, not two. */
import type { Condition, ValueTest } from '../../resources/query.ts';
import { type Equalities, equalities } from './equalities.ts';
import { type List, raw, type Sql, some, sql } from './sql.ts';
import { tableOf, testRow } from './value-test.ts';

export interface Values {
  readonly kind: 'values';
  readonly param: string;
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
    gathered.push({ kind: 'values', param: member.param, tests: first });
  }
  return gathered;
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
