/** The test of one value as a condition on a row of its index table. */
import type { ValueTest } from '../../resources/query.ts';
import { codeOf, equal, equalities, unitOf } from './equalities.ts';
import { indexTable, tokenTextTable } from './index-table.ts';
import { inRange } from './range.ts';
import { all, type Sql, sql } from './sql.ts';

export function tableOf(test: ValueTest): Sql {
  return test.kind === 'token' && test.text !== undefined ? tokenTextTable : indexTable[test.kind];
}

export function testRow(row: Sql, test: ValueTest): Sql {
  switch (test.kind) {
    case 'date':
    case 'number':
      return inRange(row, test.range);
    case 'quantity':
      return all([inRange(row, test.range), ...equal(row, unitOf(test))]);
    case 'string':
      if (test.match === 'contains') return sql`instr(${row}.folded, ${test.folded}) > 0`;
      if (test.match === 'starts') return startsWith(sql`${row}.folded`, test.folded);
      break;
    case 'uri':
      if (test.match === 'below') return startsWith(sql`${row}.uri`, test.uri);
      if (test.match === 'above') {
        return sql`${row}.uri <= ${test.uri} AND substr(${test.uri}, 1, length(${row}.uri)) = ${row}.uri`;
      }
      break;
    case 'token':
      if (test.text !== undefined) {
        return all([startsWith(sql`${row}.text`, test.text), ...equal(row, codeOf(test))]);
      }
  }
  return all(equal(row, equalities(test)));
}

/** As a range, which an index serves: U+10FFFF, the last character there is, ends every text with the prefix. */
function startsWith(column: Sql, prefix: string): Sql {
  return sql`${column} >= ${prefix} AND ${column} < ${`${prefix}\u{10ffff}`}`;
}
