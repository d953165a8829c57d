import { expect, it } from 'vitest';
import { isDate, isDateTime, isInstant, isTime } from './calendar.ts';

it.each(['2024', '2024-02', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
  expect(isDate(text)).toBe(true);
  expect(isDateTime(text)).toBe(true);
  expect(isInstant(text)).toBe(false);
});

it.each([
  '2023-02-29',
  '2023-02-30',
  '1900-02-29',
  '2023-04-31',
  '2023-13',
  '2023-00-01',
  '2023-01-00',
  '0000',
  '24',
  '2024-1-1',
  '20240101',
  '2024-01-01 ',
  '2024-01-01\n',
  '2024-01-01T00:00:00Z',
])('%j is no date', (text) => {
  expect(isDate(text)).toBe(false);
});

it.each(['2024-02-29T23:59:60Z', '2024-01-01T00:00:00.123456789+14:00', '2024-01-01T00:00:00-05:30'])(
  '%s is a dateTime and an instant',
  (text) => {
    expect(isDateTime(text)).toBe(true);
    expect(isInstant(text)).toBe(true);
    expect(isDate(text)).toBe(false);
  },
);

it.each([
  '2023-02-30T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T00:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00:00+15:00',
  '2024-01T00:00:00Z',
  '2024-01-01t00:00:00z',
])('%s is neither dateTime nor instant', (text) => {
  expect(isDateTime(text)).toBe(false);
  expect(isInstant(text)).toBe(false);
});

it('a time of day has seconds and no zone', () => {
  expect(['00:00:00', '23:59:60.5'].every(isTime)).toBe(true);
  expect(['24:00:00', '12:30', '12:30:00Z', '1:00:00'].some(isTime)).toBe(false);
});
