import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalText } from './decimal-text.ts';

it.each([
  ['72', '72'],
  ['72.50', '72.50'],
  [' +5 ', '5'],
  ['5-', '-5'],
  ['5 -', '-5'],
  ['1,234.5', '1234.5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['007', '7'],
  ['-0.0', '0.0'],
  ['79228162514264337593543950335', '79228162514264337593543950335'],
])('%s is the decimal %s', (text, expected) => {
  expect(decimalText(text)).toBe(expected);
  expect(JSON.parse(expected)).toEqual(expect.any(Number));
});

it.each([
  '',
  ' ',
  '.',
  '1e3',
  '72 bpm',
  '- 5',
  '-5-',
  ',5',
  '1.5,0',
  '0x10',
  'NaN',
  'Infinity',
  '79228162514264337593543950336',
])('%j is no decimal', (text) => expect(decimalText(text)).toBeUndefined());

it('whatever comes is a JSON number or none', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-+ .,0-9]{0,12}$/), (text) => {
      const decimal = decimalText(text);
      if (decimal !== undefined) expect(decimal).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
    }),
  );
});
