import { describe, expect, it } from 'vitest';
import { parseDecimal } from './decimal.ts';

describe('a decimal and the range that its digits imply', () => {
  it.each([
    ['100', 100, 99.5, 100.5],
    ['100.00', 100, 99.995, 100.005],
    ['1.0', 1, 0.95, 1.05],
    ['5.40', 5.4, 5.395, 5.405],
    ['-5.4', -5.4, -5.45, -5.35],
    ['+3', 3, 2.5, 3.5],
    ['0', 0, -0.5, 0.5],
    ['007', 7, 6.5, 7.5],
    ['1e2', 100, 99.5, 100.5],
    ['1.5E1', 15, 14.5, 15.5],
    ['1e-2', 0.01, 0.005, 0.015],
    ['0.1', 0.1, 0.05, 0.15],
  ])('%s', (text, value, low, high) => {
    expect(parseDecimal(text)).toEqual({ value, low, high });
  });

  it.each([
    '',
    '.',
    '.5',
    '5.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e999',
    '1e9999999',
    ' 1',
    '1 ',
    '--1',
    '9'.repeat(65),
  ])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});
