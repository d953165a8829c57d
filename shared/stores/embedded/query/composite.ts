/** Composite values: one row per part, in the table of the part's kind; `part` numbers the value within its resource. */
import type { Condition, ValueTest } from '../../resources/query.ts';
import { partKey } from './index-table.ts';
import type { Rows } from './rows.ts';
import { raw, type Sql, sql } from './sql.ts';
import { tableOf, testRow } from './value-test.ts';

/** The rows of part `lead` that pass its test and whose value's other parts pass theirs. */
export function compositeRows(
  { param, parts }: Condition & { readonly kind: 'composite' },
  row: Sql,
  lead: number,
): Rows {
  const [first, ...others] = leadFirst(parts, lead);
  if (first === undefined) throw new TypeError('A composite condition needs parts.');
  const rest = others.map(
    ({ test, part }) =>
      sql`EXISTS (SELECT 1 FROM ${tableOf(test)} AS o WHERE o.position = ${row}.position AND o.param = ${{ name: partKey(param, part) }} AND o.part = ${row}.part AND ${testRow(raw('o'), test)})`,
  );
  return {
    from: sql`${tableOf(first.test)} AS ${row}`,
    where: [sql`${row}.param = ${{ name: partKey(param, first.part) }}`, testRow(row, first.test), ...rest],
  };
}

function leadFirst(parts: readonly ValueTest[], lead: number): { test: ValueTest; part: number }[] {
  const numbered = parts.map((test, part) => ({ test, part }));
  return [...numbered.splice(lead, 1), ...numbered];
}
