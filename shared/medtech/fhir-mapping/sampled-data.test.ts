import { describe, expect, it } from 'vitest';
import { at } from '../testing/readings.ts';
import { buildSamples, expandSamples, maxSlots, mergeSamples, periodTicks } from './sampled-data.ts';

const start = at('2019-02-01T22:00:00Z');
const end = at('2019-02-01T22:59:59.9999999Z');
const sample = (time: string, text: string) => ({ time: at(`2019-02-01T22:${time}Z`), text });

describe('SampledData', () => {
  it('has a slot for every period up to the end: an hour of 5 seconds has 720', () => {
    const data = buildSamples([sample('00:04.9', '1'), sample('59:55', '2')], start, end, periodTicks(5000));
    const slots = data.split(' ');
    expect(slots).toHaveLength(720);
    expect([slots[0], slots[719]]).toEqual(['1', '2']);
    expect(slots.slice(1, -1).every((slot) => slot === 'E')).toBe(true);
  });

  it('shows the last of several values of a slot, and leaves out what is outside', () => {
    const samples = [sample('09:59', '1'), sample('10:00', '2'), sample('19:59.9999999', '3')];
    const outside = [{ time: start - 1n, text: 'x' }, ...samples, { time: end + 1n, text: 'y' }];
    expect(buildSamples(outside, start, end, periodTicks(600_000))).toBe('1 3 E E E E');
  });

  it('of an instant is one slot', () => {
    expect(buildSamples([{ time: start, text: '7' }], start, start, periodTicks(1))).toBe('7');
  });

  it('is expanded without E; U, L and others stay', () => {
    const texts = expandSamples('E 1 U L  x', start, periodTicks(60_000));
    expect(texts).toEqual(
      [
        ['01:00', '1'],
        ['02:00', 'U'],
        ['03:00', 'L'],
        ['05:00', 'x'],
      ].map(([time, text]) => sample(time as string, text as string)),
    );
  });

  it('merges by time; of equal times the new one wins', () => {
    const before = [sample('01:00', 'a'), sample('02:00', 'b')];
    const added = [sample('00:30', 'c'), sample('02:00', 'd')];
    expect(mergeSamples(before, added).map(({ text }) => text)).toEqual(['c', 'a', 'd']);
  });

  it('has a limit of slots, and a period is at least 100 ns', () => {
    expect(() => buildSamples([], 0n, BigInt(maxSlots), 1n)).toThrow(/100001 values, 100000 are allowed/);
    expect(buildSamples([], 0n, BigInt(maxSlots - 1), 1n)).toHaveLength(2 * maxSlots - 1);
    expect(periodTicks(0.000001)).toBe(1n);
    expect(periodTicks(0.5)).toBe(5000n);
  });
});
