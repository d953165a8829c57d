import { describe, expect, it } from 'vitest';
import { compactText, invariantText, roundTripText, ticksFromMs } from '../ticks.ts';
import { dateRewritten, dateTicks, isDateText } from './date-text.ts';
import { Float, Instant, type JsonValue, PlainText } from './value.ts';
import { valueText, valueTicks } from './value-text.ts';

const read = (value: JsonValue) => {
  const ticks = valueTicks(value);
  return ticks === undefined ? undefined : roundTripText(ticks);
};

describe('date texts: ISO 8601 of 19 to 40 characters with T', () => {
  it.each([
    ['2019-02-01T22:46:01', '2019-02-01T22:46:01.0000000Z'],
    ['2019-02-01T22:46:01.8750000Z', '2019-02-01T22:46:01.8750000Z'],
    ['2021-06-08T19:46:30.0221523Z', '2021-06-08T19:46:30.0221523Z'],
    ['2019-02-01T22:46:01.1+01:30', '2019-02-01T21:16:01.1000000Z'],
    ['2019-02-01T22:46:01-0800', '2019-02-02T06:46:01.0000000Z'],
    ['2019-02-01T24:00:00Z', '2019-02-02T00:00:00.0000000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.0000000Z'],
    ['/Date(1549061161875)/', '2019-02-01T22:46:01.8750000Z'],
    ['/Date(-1)/', '1969-12-31T23:59:59.9990000Z'],
  ])('%s', (text, moment) => {
    expect(isDateText(text)).toBe(true);
    expect(read(text)).toBe(moment);
  });

  it.each([
    '2019-02-01',
    '2019-02-01 22:46:01',
    '2019-02-01T22:46',
    '2019-02-30T22:46:01Z',
    '2019-13-01T22:46:01Z',
    '2019-02-01T24:00:01Z',
    '2019-02-01T22:46:01.12345678Z',
    '2019-02-01T22:46:01.Z',
    '0001-01-01T00:00:00+01:00',
    '/Date(x)/',
    '',
  ])('%s is none', (text) => expect(isDateText(text)).toBe(false));

  it('== compares with the date as written again', () => {
    expect(dateRewritten('2019-02-01T22:46:01.8750000Z')).toBe('2019-02-01T22:46:01.875Z');
    expect(dateRewritten('2019-02-01T22:46:00.0000000')).toBe('2019-02-01T22:46:00');
    expect(dateRewritten('2019-02-01T22:46:00+01:00')).toBe('2019-02-01T21:46:00+00:00');
  });
});

describe("other texts as .NET's DateTime.Parse reads them, the month first", () => {
  it.each([
    ['2019-02-01 22:46', '2019-02-01T22:46:00.0000000Z'],
    ['2019-02-01', '2019-02-01T00:00:00.0000000Z'],
    ['2019-02', '2019-02-01T00:00:00.0000000Z'],
    ['2019/2/1 7:05:09.5', '2019-02-01T07:05:09.5000000Z'],
    ['3/13/2023 10:46 PM', '2023-03-13T22:46:00.0000000Z'],
    ['3/4/2023', '2023-03-04T00:00:00.0000000Z'],
    ['12/31/49 12:00 AM', '2049-12-31T00:00:00.0000000Z'],
    ['Fri, 01 Feb 2019 22:46:01 GMT', '2019-02-01T22:46:01.0000000Z'],
    ['February 1, 2019 10:46 pm', '2019-02-01T22:46:00.0000000Z'],
    ['1 Feb 2019', '2019-02-01T00:00:00.0000000Z'],
    ['2019-02-01T22:46Z', '2019-02-01T22:46:00.0000000Z'],
    ['2019-02-01T22:46:01.123456789Z', '2019-02-01T22:46:01.1234568Z'],
    ['2019-02-01 22:46:01 +02:00', '2019-02-01T20:46:01.0000000Z'],
  ])('%s', (text, moment) => expect(read(text)).toBe(moment));

  it.each([
    '13/3/2023',
    '2019-02-30',
    '20190201',
    '1549061161',
    'today',
    '',
    '22:46',
    '3/13',
    '1 Fbr 2019',
    '2/1/2019 13:00 PM',
    '2019-02-01 22:46 +15:00',
  ])('%s is none', (text) => expect(read(text)).toBeUndefined());

  it('takes no number and no boolean for a moment', () => {
    for (const value of [1549061161875, 1.5, true, null, new Float(3), {}, []]) expect(read(value)).toBeUndefined();
  });

  it('reads plain texts and instants', () => {
    expect(read(new PlainText('2019-02-01T22:46:01Z'))).toBe('2019-02-01T22:46:01.0000000Z');
    expect(read(new Instant(ticksFromMs(0)))).toBe('1970-01-01T00:00:00.0000000Z');
  });

  it('does not hang on long texts', () => {
    expect(read('1 '.repeat(100_000))).toBeUndefined();
    expect(read(' '.repeat(99))).toBeUndefined();
  });
});

describe('values as texts', () => {
  it.each<[JsonValue, string | undefined]>([
    ['78', '78'],
    [78, '78'],
    [-0, '0'],
    [12345678901234567890n, '12345678901234567890'],
    [new Float(72), '72'],
    [new Float(-0), '-0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [new Float(999999999999999), '999999999999999'],
    [new Float(1e15), '1E+15'],
    [new Float(1.5e300), '1.5E+300'],
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [-0.000012, '-1.2E-05'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [true, 'True'],
    [false, 'False'],
    [null, undefined],
    [{}, undefined],
    [[], undefined],
    ['2019-02-01T22:46:01.875Z', '02/01/2019 22:46:01'],
    [new PlainText('2019-02-01T22:46:01.875Z'), '2019-02-01T22:46:01.875Z'],
    [new Instant(ticksFromMs(1549061161875)), '02/01/2019 22:46:01'],
  ])('%o -> %s', (value, text) => expect(valueText(value)).toBe(text));

  it('writes moments before 1970', () => {
    const ticks = dateTicks('1969-12-31T23:59:59.9999999Z') as bigint;
    expect(roundTripText(ticks)).toBe('1969-12-31T23:59:59.9999999Z');
    expect(invariantText(ticks)).toBe('12/31/1969 23:59:59');
    expect(compactText(ticks)).toBe('19691231235959');
  });
});
