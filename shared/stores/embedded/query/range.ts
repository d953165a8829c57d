/**
 * Comparisons with stored ranges. An index orders ranges by `low` only, so a lower limit of `high` does not by itself say
 * where to begin. Nearly all ranges are narrow (a date within a day, a plain number): they begin at most that width below
 * the limit. The few wide ones have an index of their own.
 */
import type { Bound, Range } from '../../resources/query.ts';
import { all, raw, type Sql, some, sql } from './sql.ts';

/** The width above which a row stands in the partial index of wide rows (`schema.ts`). */
const widest = { date: 86_400_000, number: 0, quantity: 0 } as const;

export function inRange(row: Sql, range: Range): Sql {
  const bounds = range.bounds.map((bound) => sql`${row}.${raw(bound.end)} ${raw(bound.is)} ${finite(bound.value)}`);
  return range.join === 'every' ? all(bounds) : some(bounds);
}

/**
 * Limits of `low` that let an index find the rows of the range, all of them together; to be used with the test itself.
 * Undefined where no limit helps. `low <= high` holds for every row, so an upper limit of `high` is one of `low` too.
 */
export function rangeScans(row: Sql, range: Range, kind: keyof typeof widest): readonly Sql[] | undefined {
  if (range.join === 'some') return undefined;
  const upper = Math.min(...limits(range, 'low', '<'), ...limits(range, 'high', '<'));
  const ends = upper === Number.POSITIVE_INFINITY ? [] : [sql`${row}.low <= ${finite(upper)}`];
  const lower = Math.max(...limits(range, 'high', '>'));
  const startsAbove = limits(range, 'low', '>').length > 0;
  if (startsAbove || lower === Number.NEGATIVE_INFINITY) return ends.length > 0 ? [all(ends)] : undefined;
  const width = widest[kind];
  return [
    all([sql`${row}.low >= ${finite(lower - width)}`, ...ends]),
    all([sql`${row}.high - ${row}.low > ${raw(String(width))}`, ...ends]),
  ];
}

/** How well the range narrows a search: both sides limited, or one. */
export function isClosed(range: Range): boolean {
  const has = (is: '<' | '>') => range.bounds.some((bound) => bound.is.startsWith(is));
  return range.join === 'every' && has('<') && has('>');
}

function limits(range: Range, end: Bound['end'], is: '<' | '>'): number[] {
  return range.bounds.filter((bound) => bound.end === end && bound.is.startsWith(is)).map((bound) => bound.value);
}

/** Cursors are JSON, which has no infinity: an open end is stored and compared as the largest number. */
export function finite(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
