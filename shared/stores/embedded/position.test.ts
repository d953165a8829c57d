import { describe, expect, it } from 'vitest';
import { firstPositionAt, nextPosition, updatedAt } from './position.ts';

const now = Date.UTC(2026, 10, 24, 12);

describe('a position', () => {
  it('holds the millisecond of its commit', () => {
    expect(updatedAt(nextPosition(0, now))).toBe(now);
  });

  it('increases within a millisecond, and flows over into the next one', () => {
    let position = nextPosition(0, now);
    for (let at = 1; at < 1024; at += 1) position = nextPosition(position, now);
    expect(updatedAt(position)).toBe(now);
    expect(updatedAt(nextPosition(position, now))).toBe(now + 1);
  });

  it('increases while the clock stands behind', () => {
    const position = nextPosition(0, now);
    expect(nextPosition(position, now - 1000)).toBe(position + 1);
  });

  it('is a safe integer up to the year 2248', () => {
    expect(Number.isSafeInteger(nextPosition(0, Date.UTC(2248, 0, 1)))).toBe(true);
  });

  it('bounds of periods are clamped to positions that there can be', () => {
    expect(firstPositionAt(-8.64e15)).toBe(0);
    expect(Number.isSafeInteger(firstPositionAt(8.64e15))).toBe(true);
    expect(firstPositionAt(now + 0.5)).toBe(firstPositionAt(now + 1));
  });
});
