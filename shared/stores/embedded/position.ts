/**
 * A version's position is the millisecond of its commit times 1,024 plus a sequence number: unique, increasing, and the
 * only time stamp that is stored. Periods of history and `_lastUpdated` are therefore ranges of the primary key.
 * Exact in a JavaScript number until the year 2248.
 */
const PER_MILLISECOND = 1024;
const LAST_MILLISECOND = Math.floor(Number.MAX_SAFE_INTEGER / PER_MILLISECOND);

export function updatedAt(position: number): number {
  return Math.floor(position / PER_MILLISECOND);
}

/** The position that follows `last`; stays ahead of it when the clock stands still or steps back. */
export function nextPosition(last: number, now: number): number {
  return Math.max(last + 1, now * PER_MILLISECOND);
}

/** The lowest position that a version of the millisecond `at`, or of the next one after a fraction, can have. */
export function firstPositionAt(at: number): number {
  return Math.min(Math.max(Math.ceil(at), 0), LAST_MILLISECOND) * PER_MILLISECOND;
}
