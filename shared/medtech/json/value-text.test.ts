import { describe, expect, it } from 'vitest';
import { parseDate } from './parse-date.ts';
import { readJson } from './read-body.ts';
import { Instant, PlainText } from './value.ts';
import { doubleText, valueText, valueTicks } from './value-text.ts';

describe('a value as text (.NET, invariant culture)', () => {
  it.each([
    ['"x"', 'x'],
    ['72', '72'],
    ['72.0', '72'],
    ['72.5', '72.5'],
    ['12345678901234567890', '12345678901234567890'],
    ['true', 'True'],
    ['false', 'False'],
    ['"2019-02-01T22:46:01.8750000Z"', '02/01/2019 22:46:01'],
    ['[1]', undefined],
    ['{}', undefined],
  ])('%s', (json, text) => expect(valueText(readJson(json))).toBe(text));

  it('a text that only looks like a date stays', () =>
    expect(valueText(new PlainText('2019-02-01T22:46:01Z'))).toBe('2019-02-01T22:46:01Z'));

  it.each([
    [0.1 + 0.2, '0.30000000000000004'],
    [1e15, '1E+15'],
    [123456789012345.6, '123456789012345.6'],
    [1.5e21, '1.5E+21'],
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [-2.5e-7, '-2.5E-07'],
    [1e100, '1E+100'],
  ])('the double %d', (value, text) => expect(doubleText(value)).toBe(text));
});

describe('a value as time', () => {
  const ticks = (iso: string) => BigInt(Date.parse(iso)) * 10_000n;
  it.each([
    ['2019-02-01 22:46', '2019-02-01T22:46:00Z'],
    ['2019-02-01', '2019-02-01T00:00:00Z'],
    ['3/13/2023 10:46 PM', '2023-03-13T22:46:00Z'],
    ['Fri, 01 Feb 2019 22:46:01 GMT', '2019-02-01T22:46:01Z'],
    ['2019-02-01 22:46:01 +01:00', '2019-02-01T21:46:01Z'],
    ['2019-02-01T22:46:01', '2019-02-01T22:46:01Z'],
    ['February 1, 2019', '2019-02-01T00:00:00Z'],
  ])('%s', (text, iso) => expect(parseDate(text)).toBe(ticks(iso)));

  it.each(['13/13/2023', '2019-02-30', '1549061161', 'x', '', '12:30'])('%j is none', (text) =>
    expect(parseDate(text)).toBeUndefined(),
  );

  it('keeps steps of 100 ns; a number is no time', () => {
    expect(valueTicks('2019-01-30T22:45:02.6073744Z')).toBe(ticks('2019-01-30T22:45:02Z') + 6073744n);
    expect(valueTicks(new PlainText('2019-01-30T22:45:02Z'))).toBe(ticks('2019-01-30T22:45:02Z'));
    expect(valueTicks(new Instant(5n))).toBe(5n);
    expect(valueTicks(1549061161)).toBeUndefined();
  });
});
