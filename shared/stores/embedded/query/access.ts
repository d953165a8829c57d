/** Ways to find the resources that meet one condition by an index. */
import type { Condition, ValueTest } from '../../resources/query.ts';
import { compositeRows } from './composite.ts';
import { equalities } from './equalities.ts';
import { indexTable, isSimple } from './index-table.ts';
import { isClosed, rangeScans } from './range.ts';
import { type Access, type CountRows, countOf, rank } from './rows.ts';
import { raw, type Sql, sql } from './sql.ts';
import { codesOf, tableOf, testRow } from './value-test.ts';
import { listOf, ofParams, type Values } from './values.ts';
import { withinBudget } from './within-budget.ts';

/** Above this many branches the text grows longer than the search is worth. */
export const MOST_BRANCHES = 100;
/** Up to this many values are branches, each in order; more are one list. */
const MOST_ORDERED_VALUES = 10;

export function byId({ ids }: Condition & { readonly kind: 'id' }, row: Sql): Access {
  const [first] = ids;
  const test =
    ids.length === 1 && first !== undefined
      ? sql`${row}.id = ${first}`
      : sql`${row}.id IN (SELECT value FROM json_each(${{ list: ids }}))`;
  const rows = [
    {
      from: sql`resource AS ${row} INDEXED BY resource_by_id`,
      where: [withinBudget(row), test, sql`${row}.deleted = 0`],
    },
  ];
  return { rank: rank.id, ordered: false, branches: rows, rows: () => ids.length, onResource: true };
}

export function byPresence(
  { param, of }: Condition & { readonly kind: 'present' },
  row: Sql,
  count: CountRows,
): Access | undefined {
  if (!isSimple(of)) return undefined;
  const where = [withinBudget(row), sql`${row}.param = ${{ name: param }}`];
  const rows = [{ from: sql`${indexTable[of]} AS ${row}`, where }];
  return { rank: rank.scan, ordered: false, branches: rows, rows: countOf(rows, count), onResource: false };
}

export function byComposite(
  condition: Condition & { readonly kind: 'composite' },
  row: Sql,
  count: CountRows,
): Access | undefined {
  const ranks = condition.parts.map(rankOf);
  const best = Math.min(...ranks);
  const lead = ranks.indexOf(best);
  const [test] = condition.parts.slice(lead);
  if (test === undefined) return undefined;
  const { from, where } = compositeRows(condition, row, lead);
  const rows = [{ from, where: [withinBudget(row), ...where] }];
  return { rank: best, ordered: inOrder(test), branches: rows, rows: countOf(rows, count), onResource: false };
}

export function byValues({ params, tests }: Values, row: Sql, count: CountRows): Access | undefined {
  const ofParam = ofParams(row, params);
  const from = sql`${tableOf(tests[0])} AS ${row}`;
  const worst = Math.max(...tests.map(rankOf));
  const listed = tests.length > MOST_ORDERED_VALUES ? listOf(tests) : undefined;
  if (listed?.lead) {
    const columns = listed.columns.map((column, at) => sql`${row}.${raw(column)} = v.value ->> ${raw(String(at))}`);
    const rows = [
      {
        from: sql`json_each(${listed.list}) AS v CROSS JOIN ${from}`,
        where: [withinBudget(row), ofParam, ...columns],
      },
    ];
    return { rank: worst, ordered: false, branches: rows, rows: countOf(rows, count), onResource: false };
  }
  const branches = tests.flatMap((test) =>
    scans(test, row).map((scan) => ({ from, where: [withinBudget(row), ofParam, scan] })),
  );
  if (branches.length > MOST_BRANCHES) return undefined;
  const effort = worst === rank.scan ? [{ from, where: [withinBudget(row), ofParam] }] : branches;
  const ordered = params.length === 1 && tests.every(inOrder);
  return { rank: worst, ordered, branches, rows: countOf(effort, count), onResource: false };
}

/** The test, once for each part of the index that it must look at. */
function scans(test: ValueTest, row: Sql): readonly Sql[] {
  if (test.kind === 'token-set') return [codesOf(row, test)];
  const whole = testRow(row, test);
  const parts = 'range' in test ? rangeScans(row, test.range, test.kind) : [];
  return parts.length === 0 ? [whole] : parts.map((part) => sql`${part} AND ${whole}`);
}

function inOrder(test: ValueTest): boolean {
  return equalities(test)?.lead === true;
}

function rankOf(test: ValueTest): number {
  switch (test.kind) {
    case 'reference':
      return test.id === undefined ? rank.scan : rank.reference;
    case 'uri':
      return test.match === 'exact' ? rank.exact : test.match === 'below' ? rank.starts : rank.scan;
    case 'string':
      if (test.match === 'exact' || test.match === 'is') return rank.exact;
      return test.match === 'starts' ? rank.starts : rank.scan;
    case 'token-set':
      return rank.code;
    case 'point':
      return rank.closed;
    case 'token':
      if (test.text !== undefined) return rank.starts;
      if (test.code === undefined) return rank.scan;
      return test.system === undefined ? rank.code : rank.coded;
    default:
      return isClosed(test.range) ? rank.closed : rank.open;
  }
}
