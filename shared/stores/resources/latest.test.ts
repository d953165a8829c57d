import { describe, expect, it } from 'vitest';
import { type DatedMatch, LatestMatches } from './latest.ts';

/** The same by its definition: groups by walking from match to match, then what is as late as the `max`-th. */
function naive(matches: readonly DatedMatch[], max: number): number[][] {
  const valuesOf = ({ values }: DatedMatch): string[] => JSON.parse(values);
  const left = new Set(matches);
  const groups: number[][] = [];
  for (const first of left) {
    const group = [first];
    left.delete(first);
    for (const member of group) {
      for (const other of left) {
        if (!valuesOf(other).some((value) => valuesOf(member).includes(value))) continue;
        group.push(other);
        left.delete(other);
      }
    }
    const time = ({ date }: DatedMatch) => date ?? Number.MIN_SAFE_INTEGER;
    const last = group.map(time).sort((a, b) => b - a)[max - 1] ?? Number.MIN_SAFE_INTEGER;
    groups.push(
      group
        .filter((match) => time(match) >= last)
        .map(({ position }) => position)
        .sort(),
    );
  }
  return groups.sort();
}

const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

function someMatches(next: () => number): DatedMatch[] {
  const codes = 2 + Math.floor(next() * 12);
  return Array.from({ length: Math.floor(next() * 60) }, (_, position) => {
    const values = new Set(
      Array.from({ length: 1 + Math.floor(next() ** 3 * 3) }, () => `c${Math.floor(next() * codes)}`),
    );
    const date = next() < 0.1 ? null : Math.floor(next() * 10);
    return { values: JSON.stringify([...values].sort()), date, position };
  });
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe('the latest matches of each group', () => {
  it.each([1, 2, 3, 7])('are those of the definition, with max %i, over random matches', (max) => {
    const next = random(max);
    for (let round = 0; round < 300; round += 1) {
      const matches = someMatches(next);
      const latest = new LatestMatches(max);
      for (const match of shuffled(matches, next)) latest.add(match);
      const groups = latest.groups();
      expect(groups.map((group) => group.map(({ position }) => position).sort()).sort()).toEqual(naive(matches, max));
      for (const group of groups) {
        const dates = group.map(({ date }) => date ?? -1);
        expect(dates).toEqual(dates.toSorted((a, b) => b - a));
      }
    }
  });

  it('no more are kept than may be asked for of each set of values', () => {
    const latest = new LatestMatches(3);
    for (let position = 0; position < 10_000; position += 1) {
      latest.add({ values: `["c${position % 5}"]`, date: (position * 7919) % 10_007, position });
    }
    expect(latest.kept).toBe(15);
  });
});
