import { describe, expect, it } from 'vitest';
import type { IndexValue, SimpleValue } from '../index-entry.ts';
import type { Condition, ValueTest } from '../query.ts';
import { committed, entry, found, type OpenStore, put, query, token, useStore } from './setup.ts';

const not = (of: Condition): Condition => ({ kind: 'not', of });

export function compositeRules(open: OpenStore): void {
  describe('composite values', () => {
    const loinc = (value: string) => token(value, 'http://loinc.org') as SimpleValue;
    const mm = (value: number): SimpleValue => ({
      kind: 'quantity',
      system: null,
      code: 'mm',
      low: value,
      high: value,
    });
    const of = (...parts: SimpleValue[]): IndexValue => ({ kind: 'composite', parts });
    const pressures = (sys: number, dia: number) => [
      entry('Observation.code-value', of(loinc('sys'), mm(sys))),
      entry('Observation.code-value', of(loinc('dia'), mm(dia))),
    ];
    const store = useStore(open, async (filled) => {
      await committed(filled, put('Observation/low', { index: pressures(100, 60) }));
      await committed(filled, put('Observation/high', { index: pressures(180, 100) }));
      const three = of(loinc('g'), { kind: 'number', low: 1, high: 1 }, { kind: 'number', low: 9, high: 9 });
      await committed(filled, put('Observation/three', { index: [entry('Observation.trio', three)] }));
      await committed(filled, put('Observation/none'));
    });
    const above = (value: number): ValueTest => ({
      kind: 'quantity',
      range: { join: 'every', bounds: [{ end: 'low', is: '>=', value }] },
    });
    const equal = (value: number): ValueTest => ({
      kind: 'number',
      range: {
        join: 'every',
        bounds: [
          { end: 'low', is: '>=', value },
          { end: 'high', is: '<=', value },
        ],
      },
    });
    const pressure = (code: string, value: number): Condition => ({
      kind: 'composite',
      param: 'Observation.code-value',
      parts: [{ kind: 'token', code }, above(value)],
    });

    it('pass when the parts of one value pass', async () => {
      expect(await found(store(), query(pressure('sys', 100)))).toEqual(['Observation/low', 'Observation/high']);
      expect(await found(store(), query(pressure('dia', 100)))).toEqual(['Observation/high']);
    });

    it('do not pass when the parts that pass belong to different values', async () => {
      expect(await found(store(), query(pressure('dia', 101)))).toEqual([]);
    });

    it('are negated as a whole', async () => {
      expect(await found(store(), query(not(pressure('dia', 100)), ['Observation']))).toEqual([
        'Observation/low',
        'Observation/three',
        'Observation/none',
      ]);
    });

    it('may have three parts', async () => {
      const trio = (a: number, b: number): Condition => ({
        kind: 'composite',
        param: 'Observation.trio',
        parts: [{ kind: 'token', system: 'http://loinc.org', code: 'g' }, equal(a), equal(b)],
      });
      expect(await found(store(), query(trio(1, 9)))).toEqual(['Observation/three']);
      expect(await found(store(), query(trio(9, 1)))).toEqual([]);
    });

    it('are present or missing', async () => {
      const present: Condition = { kind: 'present', param: 'Observation.code-value', of: 'composite' };
      expect(await found(store(), query(present))).toEqual(['Observation/low', 'Observation/high']);
      expect(await found(store(), query(not(present)))).toEqual(['Observation/three', 'Observation/none']);
    });

    it('go with the version that had them', async () => {
      await committed(store(), put('Observation/high', { expected: 1 }));
      expect(await found(store(), query(pressure('dia', 100)))).toEqual([]);
    });
  });
}
