import { describe, expect, it } from 'vitest';
import { baseUnit, inBaseUnit } from './ucum.ts';

const inBase = (value: number, code: string) => {
  const base = baseUnit(code);
  return base && `${inBaseUnit(base, value)} ${base.unit}`;
};

describe('a quantity in base units', () => {
  it.each<[one: [number, string], same: [number, string]]>([
    [
      [5, 'mg'],
      [0.005, 'g'],
    ],
    [
      [5, 'mg'],
      [5000, 'ug'],
    ],
    [
      [1, '[lb_av]'],
      [453.59237, 'g'],
    ],
    [
      [60, '/min'],
      [1, '/s'],
    ],
    [
      [72, '{beats}/min'],
      [72, '/min'],
    ],
    [
      [4.5, '10*6/uL'],
      [4500, '10*3/uL'],
    ],
    [
      [4.5, '10*9/L'],
      [4.5, '10*3/uL'],
    ],
    [
      [37, 'Cel'],
      [98.6, '[degF]'],
    ],
    [
      [0, 'Cel'],
      [273.15, 'K'],
    ],
    [
      [-40, 'Cel'],
      [-40, '[degF]'],
    ],
    [
      [100, 'mg/dL'],
      [1, 'g/L'],
    ],
    [
      [5, 'mmol/L'],
      [5000, 'umol/L'],
    ],
    [
      [2.1, 'm[iU]/L'],
      [2.1, 'u[IU]/mL'],
    ],
    [
      [1, 'L'],
      [1000, 'cm3'],
    ],
    [
      [50, '%'],
      [0.5, '1'],
    ],
    [
      [3, '{score}'],
      [3, '1'],
    ],
    [
      [1, 'wk'],
      [7, 'd'],
    ],
    [
      [1, 'm[H2O]'],
      [9806.65, 'Pa'],
    ],
  ])('%j is %j', ([one, unit], [same, other]) => {
    expect(inBase(one, unit)).toBeDefined();
    expect(inBase(one, unit)).toBe(inBase(same, other));
  });

  it.each([
    [5, 'g', 'mL'],
    [5, 'mg', 'MG'],
    [5, '[iU]', '{score}'],
    [5, '[iU]/L', "[arb'U]/L"],
    [5, 'Cel', '[degF]'],
  ])('%d %s is not as much %s', (value, unit, other) => {
    expect(inBase(value, unit)).toBeDefined();
    expect(inBase(value, unit)).not.toBe(inBase(value, other));
  });

  it.each([
    'pinch',
    '',
    ' mg',
    'mg ',
    'beats/min',
    '[pH]',
    'dB',
    '__proto__',
    'constructor',
    '0',
    'g/0',
    '2.5mg',
    'mCel',
    'x'.repeat(65),
  ])('there is none of "%s": it stays as it is', (code) => {
    expect(baseUnit(code)).toBeUndefined();
  });

  it('the largest numbers stay numbers', () => {
    expect(inBase(Number.MAX_VALUE, 'kg')).toBe(`${Number.MAX_VALUE} g`);
    expect(inBase(-Number.MAX_VALUE, 'kg')).toBe(`${-Number.MAX_VALUE} g`);
  });
});
