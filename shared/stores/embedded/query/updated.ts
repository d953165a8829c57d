/** Conditions on the time of the last change, which a position holds (`position.ts`). */
import type { Bound, Range } from '../../resources/query.ts';
import { firstPositionAt } from '../position.ts';
import { all, type Sql, some, sql } from './sql.ts';

/** Both ends of the range mean the one instant. */
export function updatedWithin(position: Sql, range: Range): Sql {
  const bounds = range.bounds.map((bound) => compare(position, bound));
  return range.join === 'some' ? some(bounds) : sql`(${all(bounds)})`;
}

function compare(position: Sql, { is, value }: Bound): Sql {
  const from = firstPositionAt(value);
  const beyond = firstPositionAt(Math.floor(value) + 1);
  switch (is) {
    case '<':
      return sql`${position} < ${from}`;
    case '<=':
      return sql`${position} < ${beyond}`;
    case '>':
      return sql`${position} >= ${beyond}`;
    case '>=':
      return sql`${position} >= ${from}`;
  }
}
