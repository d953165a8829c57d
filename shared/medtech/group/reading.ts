import type { Ticks } from '../ticks.ts';

/** A value of a property at a time. */
export interface Reading {
  readonly time: Ticks;
  /** When it reached the Event Hub. */
  readonly received: Ticks;
  readonly text: string;
  /** When the last other value of the same time reached the Event Hub, before this one; absent: there was none. */
  readonly contestedAt?: Ticks;
}

/** Keeps `readings` sorted by time. Of two of the same time the one that was received later stays, the first of equals. */
export function addReading(readings: Reading[], added: Omit<Reading, 'contestedAt'>): void {
  let at = readings.length;
  while (at > 0 && (readings[at - 1] as Reading).time > added.time) at -= 1;
  const known = readings[at - 1];
  if (known?.time !== added.time) {
    readings.splice(at, 0, added);
    return;
  }
  const [winner, loser] = added.received > known.received ? [added, known] : [known, added];
  const { contestedAt } = known;
  const isLast = contestedAt === undefined || loser.received > contestedAt;
  const last = loser.text !== winner.text && isLast ? loser.received : contestedAt;
  readings[at - 1] = { ...winner, ...(last !== undefined && { contestedAt: last }) };
}
