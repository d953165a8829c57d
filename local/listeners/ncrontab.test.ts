import { describe, expect, it } from 'vitest';
import { parseSchedule } from './ncrontab.ts';

const next = (schedule: string, from: string) => parseSchedule(schedule).next(new Date(from)).toISOString();

describe('NCRONTAB schedules', () => {
  it.each([
    ['* * * * * *', '2026-01-01T00:00:00.500Z', '2026-01-01T00:00:01.000Z'],
    ['0 */5 * * * *', '2026-01-01T00:05:00.000Z', '2026-01-01T00:10:00.000Z'],
    ['0 30 9-17 * * 1-5', '2026-01-02T17:30:00.000Z', '2026-01-05T09:30:00.000Z'],
    ['0 0 0 1 jan *', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 12 29 2 *', '2026-01-01T00:00:00.000Z', '2028-02-29T12:00:00.000Z'],
    ['15,45 0 0 * * Sun', '2026-01-01T00:00:00.000Z', '2026-01-04T00:00:15.000Z'],
    ['5/20 0 0 * * *', '2026-01-01T00:00:30.000Z', '2026-01-01T00:00:45.000Z'],
  ])('%s after %s comes at %s', (schedule, from, at) => {
    expect(next(schedule, from)).toBe(at);
  });

  it('day and day of week must both match', () => {
    expect(next('0 0 0 13 * fri', '2026-01-01T00:00:00.000Z')).toBe('2026-02-13T00:00:00.000Z');
  });

  it.each(['* * * * *', '60 * * * * *', '* * * 0 * *', '* * * * * 7', '5-1 * * * * *', '*/0 * * * * *', 'x * * * * *'])(
    '%s is refused',
    (schedule) => {
      expect(() => parseSchedule(schedule)).toThrow();
    },
  );

  it('a date that never comes is told', () => {
    expect(() => next('0 0 0 31 2 *', '2026-01-01T00:00:00Z')).toThrow(/never comes/);
  });
});
