/** Sets of codes, quantities in base units, places, and what nothing refers to. */
import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../index-entry.ts';
import type { Condition, ValueTest } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import { committed, entry, found, type OpenStore, put, query, reference, string, token, useStore } from './setup.ts';

const mass = (low: number, high: number, unit: string, grams = 1): IndexEntry => {
  const canonical = { unit: 'g', low: low * grams, high: high * grams };
  return entry('Basic.mass', { kind: 'quantity', system: 'ucum', code: unit, low, high, canonical });
};
const unknown = (value: number): IndexEntry =>
  entry('Basic.mass', { kind: 'quantity', system: 'ucum', code: 'pinch', low: value, high: value });
const at = (x: number, y: number, z: number): IndexEntry => entry('Basic.place', { kind: 'point', x, y, z });

const resources: Record<string, IndexEntry[]> = {
  gram: [mass(2, 2, 'g'), entry('Basic.code', token('a', 's')), entry('Basic.next', reference('Basic/kilo'))],
  kilo: [mass(2, 2, 'kg', 1000), entry('Basic.code', token('b', 's')), entry('Basic.next', reference('Basic/gone'))],
  range: [
    mass(1, 3, 'kg', 1000),
    entry('Basic.code', token('a', 't')),
    entry('Basic.next', reference('Patient/pinch')),
  ],
  pinch: [
    unknown(2),
    entry('Basic.code', token(null, 's', 'text only')),
    entry('Basic.other', reference('Basic/range')),
  ],
  pole: [at(0, 0, 1), entry('Basic.name', string('North Pole'))],
  near: [at(0.1, 0, 0.995), entry('Basic.name', string('Pole'))],
  equator: [at(1, 0, 0), at(-1, 0, 0), entry('Basic.next', reference('Basic/gram', 'http://elsewhere'))],
};

async function fill(store: ResourceStore): Promise<void> {
  for (const [id, index] of Object.entries(resources)) await committed(store, put(`Basic/${id}`, { index }));
}

const test = (param: string, of: ValueTest): Condition => ({ kind: 'value', param: `Basic.${param}`, test: of });
const codes = (system: string, ...of: string[]) => test('code', { kind: 'token-set', system, codes: of });
const grams = (from: number, to: number, unit = 'g') => {
  const bounds = [
    { end: 'low', is: '<=', value: to },
    { end: 'high', is: '>=', value: from },
  ] as const;
  return test('mass', { kind: 'canonical-quantity', unit, range: { join: 'every', bounds } });
};
const within = (chord: number, x: number, y: number, z: number) => test('place', { kind: 'point', x, y, z, chord });
const text = (match: 'ends' | 'is', folded: string) => test('name', { kind: 'string', match, folded });
const referenced = (...by: string[]) => referencedBy(undefined, ...by);
const referencedBy = (where: Condition | undefined, ...codes: string[]): Condition => ({
  kind: 'referenced',
  by: codes.map((code) => `Basic.${code}` as const),
  ...(where && { where }),
});

const cases: [rule: string, condition: Condition, finds: string[]][] = [
  ['a set of codes of a system', codes('s', 'a', 'b', 'c'), ['gram', 'kilo']],
  ['the same codes of another system', codes('t', 'a', 'b', 'c'), ['range']],
  ['a set of codes of a system that nothing has', codes('u', 'a'), []],
  ['no codes at all', codes('s'), []],
  ['sets of several systems', { kind: 'or', of: [codes('s', 'b'), codes('t', 'a')] }, ['kilo', 'range']],
  ['a set of 20,000 codes', codes('s', ...Array.from({ length: 20_000 }, (_, n) => `c${n}`), 'b'), ['kilo']],
  ['a quantity in base units', grams(1.5, 2.5), ['gram']],
  ['another unit of the same', grams(1999, 2001), ['kilo', 'range']],
  ['a range in base units', grams(900, 1100), ['range']],
  ['base units of another dimension', grams(0, 1e9, 'm'), []],
  ['places near a pole, whatever their longitude', within(0.2, 0, 0, 1), ['pole', 'near']],
  ['places in the cube around a point but too far away', within(1, -0.8, 0, 0.2), ['equator']],
  ['one of several places', within(0.1, -1, 0, 0), ['equator']],
  ['no place', within(0.01, 0, 1, 0), []],
  ['a text that ends so', text('ends', 'pole'), ['pole', 'near']],
  ['a text that is so', text('is', 'pole'), ['near']],
  ['referred to by a parameter', referenced('next'), ['kilo']],
  ['referred to by another one', referenced('other'), ['range']],
  ['referred to by either', referenced('next', 'other'), ['kilo', 'range']],
  ['referred to by no parameter', referenced(), []],
  ['referred to by one that meets a condition', referencedBy(codes('s', 'a'), 'next', 'other'), ['kilo']],
];

export function derivedRules(open: OpenStore): void {
  describe('sets of codes, base units, places, being referred to', () => {
    const store = useStore(open, fill);
    const named = (ids: string[]) => ids.map((id) => `Basic/${id}`);

    it.each(cases)('%s', async (_, condition, finds) => {
      expect(await found(store(), query(condition, ['Basic']))).toEqual(named(finds));
    });

    it.each(cases)('not: %s', async (_, condition, finds) => {
      const others = Object.keys(resources).filter((id) => !finds.includes(id));
      expect(await found(store(), query({ kind: 'not', of: condition }, ['Basic']))).toEqual(named(others));
    });

    it('present: a resource that is at any place', async () => {
      const present = { kind: 'present', param: 'Basic.place', of: 'point' } as const;
      expect(await found(store(), query(present))).toEqual(named(['pole', 'near', 'equator']));
    });
  });
}
