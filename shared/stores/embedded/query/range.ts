/**
 * Comparisons with stored ranges. An index orders ranges by `low` only, so a lower limit of `high` does not by itself say
 * where to begin. Nearly all ranges are narrow (a date within a day, a plain number): they begin at most that width below
 * the limit. The few wide ones have an index of their own.
 */
import type { Bound, Range } from '../../resources/query.ts';
import { all, raw, type Sql, some, sql } from './sql.ts';

/** The width above which a row stands in the partial index of wide rows (`schema.ts`). */
const widest = { date: 86_400_000, number: 0, quantity: 0, 'canonical-quantity': 0 } as const;

export function inRange(row: Sql, range: Range): Sql {
  const bounds = range.bounds.map((bound) => sql`${row}.${raw(bound.end)} ${raw(bound.is)} ${finite(bound.value)}`);
  return range.join === 'every' ? all(bounds) : some(bounds);
}

/**
 * What the test implies for `low`, so that an index finds the rows of the range, with all the scans together; to be used
 * with the test itself. `low <= high` holds for every row, so an upper limit of `high` is one of `low` too.
 */
export function rangeScans(row: Sql, range: Range, kind: keyof typeof widest): readonly Sql[] {
  if (range.join === 'some') return [];
  const upper = limits(range, 'low', '<').length > 0 ? [] : limits(range, 'high', '<');
  const ends = upper.length > 0 ? [sql`${row}.low <= ${finite(Math.min(...upper))}`] : [];
  const lower = limits(range, 'low', '>').length > 0 ? [] : limits(range, 'high', '>');
  if (lower.length === 0) return ends;
  const width = widest[kind];
  return [
    all([sql`${row}.low >= ${finite(Math.max(...lower) - width)}`, ...ends]),
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
