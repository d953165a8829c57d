import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('the least recently used goes, when there are too many or they weigh too much', () => {
  const recent = new Recent<number>({ entries: 3, lifetime: 1000, sliding: false, weight: 10 });
  for (const value of [1, 2, 3]) recent.set(`${value}`, value, 1);
  recent.get('1');
  recent.set('4', 4, 1);
  expect(['1', '2', '3', '4'].map((key) => recent.get(key))).toEqual([1, undefined, 3, 4]);
  recent.set('5', 5, 9);
  expect(['1', '3', '4', '5'].map((key) => recent.get(key))).toEqual([undefined, undefined, 4, 5]);
  recent.set('6', 6, 11);
  expect(recent.size).toBe(0);
});

it.each([
  [false, [1, 1, undefined]],
  [true, [1, 1, 1]],
])('lives for its time, sliding: %s', (sliding, expected) => {
  let now = 0;
  const recent = new Recent<number>({ entries: 3, lifetime: 10, sliding, now: () => now });
  recent.set('1', 1);
  const seen = [0, 9, 18].map((time) => {
    now = time;
    return recent.get('1');
  });
  expect(seen).toEqual(expected);
  now = 100;
  expect([recent.get('1'), recent.size]).toEqual([undefined, 0]);
});
