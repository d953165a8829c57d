/** The test of one value as a condition on a row of its index table. */
import type { ValueTest } from '../../resources/query.ts';
import { codeOf, equal, equalities, unitOf } from './equalities.ts';
import { canonicalQuantityTable, indexTable, tokenTextTable } from './index-table.ts';
import { inRange } from './range.ts';
import { all, join, raw, type Sql, sql } from './sql.ts';

export function tableOf(test: ValueTest): Sql {
  switch (test.kind) {
    case 'token':
      return test.text === undefined ? indexTable.token : tokenTextTable;
    case 'token-set':
      return indexTable.token;
    case 'canonical-quantity':
      return canonicalQuantityTable;
    default:
      return indexTable[test.kind];
  }
}

export function testRow(row: Sql, test: ValueTest): Sql {
  switch (test.kind) {
    case 'date':
    case 'number':
      return inRange(row, test.range);
    case 'quantity':
      return all([inRange(row, test.range), ...equal(row, unitOf(test))]);
    case 'canonical-quantity':
      return sql`${row}.unit = ${{ name: test.unit }} AND ${inRange(row, test.range)}`;
    case 'token-set':
      // The plus keeps SQLite from looking up every code of the set for one resource.
      return sql`${row}.system = ${{ name: test.system }} AND +${row}.code IN ${listed(test.codes)}`;
    case 'point':
      return withinChord(row, test);
    case 'string':
      if (test.match === 'ends') return sql`substr(${row}.folded, -length(${test.folded})) = ${test.folded}`;
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

/** The codes first, each found by the index. */
export function codesOf(row: Sql, test: ValueTest & { readonly kind: 'token-set' }): Sql {
  return sql`${row}.code IN ${listed(test.codes)} AND ${row}.system = ${{ name: test.system }}`;
}

function listed(codes: readonly string[]): Sql {
  return sql`(SELECT value FROM json_each(${{ list: codes }}))`;
}

/** In the cube around the point, of which the index knows `z`; then in the ball. */
function withinChord(row: Sql, { x, y, z, chord }: ValueTest & { readonly kind: 'point' }): Sql {
  const cube = Object.entries({ z, x, y }).map(([axis, at]) => {
    return sql`${row}.${raw(axis)} >= ${at - chord} AND ${row}.${raw(axis)} <= ${at + chord}`;
  });
  const squares = Object.entries({ x, y, z }).map(([axis, at]) => {
    const apart = sql`(${row}.${raw(axis)} - ${at})`;
    return sql`${apart} * ${apart}`;
  });
  return sql`${all(cube)} AND ${join(squares, ' + ')} <= ${chord * chord}`;
}

/** As a range, which an index serves: U+10FFFF, the last character there is, ends every text with the prefix. */
function startsWith(column: Sql, prefix: string): Sql {
  return sql`${column} >= ${prefix} AND ${column} < ${`${prefix}\u{10ffff}`}`;
}
