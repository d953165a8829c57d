import { describe, expect, it } from 'vitest';
import { type IndexValue, OPEN_HIGH, OPEN_LOW } from '../index-entry.ts';
import type { Bound, Range, ValueTest } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import { committed, entry, found, type OpenStore, put, query, reference, string, token, useStore } from './setup.ts';

const day = 86_400_000;
const every = (...bounds: Bound[]): Range => ({ join: 'every', bounds });
const some = (...bounds: Bound[]): Range => ({ join: 'some', bounds });
const low = (is: Bound['is'], value: number): Bound => ({ end: 'low', is, value });
const high = (is: Bound['is'], value: number): Bound => ({ end: 'high', is, value });

/** Resources by id, each with the values of its parameter. */
const values: Record<string, Record<string, IndexValue[]>> = {
  string: {
    peter: [string('Peter')],
    petra: [string('Pétra', 'petra'), string('Ann Petermann')],
    shout: [string('PETER')],
    percent: [string('100%_sure')],
    quote: [string(`o'neil"; DROP TABLE`)],
    empty: [],
  },
  token: {
    plain: [token('a')],
    loinc: [token('a', 'http://loinc.org', 'heart rate')],
    other: [token('a', 'http://other.org'), token('b', 'http://loinc.org')],
    upper: [token('A', 'http://loinc.org')],
    text: [token(null, null, 'heart failure')],
    long: [token('x'.repeat(400), 'http://loinc.org')],
    empty: [],
  },
  date: {
    instant: [{ kind: 'date', low: 10 * day + 5, high: 10 * day + 5 }],
    day: [{ kind: 'date', low: 10 * day, high: 11 * day - 1 }],
    month: [{ kind: 'date', low: 0, high: 31 * day - 1 }],
    until: [{ kind: 'date', low: OPEN_LOW, high: 3 * day }],
    since: [{ kind: 'date', low: 20 * day, high: OPEN_HIGH }],
    twice: [
      { kind: 'date', low: 1 * day, high: 2 * day - 1 },
      { kind: 'date', low: 40 * day, high: 41 * day - 1 },
    ],
    early: [{ kind: 'date', low: -5000 * day, high: -4999 * day }],
    empty: [],
  },
  number: {
    one: [{ kind: 'number', low: 1, high: 1 }],
    tenth: [{ kind: 'number', low: 0.1, high: 0.1 }],
    minus: [{ kind: 'number', low: -5, high: -5 }],
    range: [{ kind: 'number', low: 2, high: 8 }],
    open: [{ kind: 'number', low: 5, high: Number.POSITIVE_INFINITY }],
    empty: [],
  },
  quantity: {
    mg: [{ kind: 'quantity', system: 'http://unitsofmeasure.org', code: 'mg', low: 5, high: 5 }],
    g: [{ kind: 'quantity', system: 'http://unitsofmeasure.org', code: 'g', low: 5, high: 5 }],
    bare: [{ kind: 'quantity', system: null, code: null, low: 5, high: 5 }],
    range: [{ kind: 'quantity', system: 'http://unitsofmeasure.org', code: 'mg', low: 1, high: 9 }],
    empty: [],
  },
  uri: {
    root: [{ kind: 'uri', uri: 'http://a.org/fhir' }],
    below: [{ kind: 'uri', uri: 'http://a.org/fhir/ValueSet' }],
    deep: [{ kind: 'uri', uri: 'http://a.org/fhir/ValueSet/1' }],
    upper: [{ kind: 'uri', uri: 'http://a.org/FHIR' }],
    wild: [{ kind: 'uri', uri: 'http://a.org/f_ir' }],
    empty: [],
  },
  reference: {
    own: [reference('Patient/1')],
    group: [reference('Group/1')],
    other: [reference('Patient/1', 'http://else.where/fhir')],
    untyped: [{ kind: 'reference', base: null, type: null, id: '1' }],
    two: [reference('Patient/2'), reference('Patient/3')],
    empty: [],
  },
};

const cases: [rule: string, test: ValueTest, finds: string[]][] = [
  ['starts with, in folded text', { kind: 'string', match: 'starts', folded: 'pet' }, ['peter', 'petra', 'shout']],
  ['starts with the whole text', { kind: 'string', match: 'starts', folded: 'peter' }, ['peter', 'shout']],
  [
    'starts with nothing: every value',
    { kind: 'string', match: 'starts', folded: '' },
    ['peter', 'petra', 'shout', 'percent', 'quote'],
  ],
  ['contains', { kind: 'string', match: 'contains', folded: 'peter' }, ['peter', 'petra', 'shout']],
  ['contains characters that are patterns elsewhere', { kind: 'string', match: 'contains', folded: '%_' }, ['percent']],
  ['starts with characters that are patterns elsewhere', { kind: 'string', match: 'starts', folded: '%' }, []],
  ['starts with quotes and statements', { kind: 'string', match: 'starts', folded: `o'neil"; drop` }, ['quote']],
  ['exact, with case', { kind: 'string', match: 'exact', exact: 'Peter' }, ['peter']],
  ['exact, with accents', { kind: 'string', match: 'exact', exact: 'Petra' }, []],
  ['exact, with accents that are there', { kind: 'string', match: 'exact', exact: 'Pétra' }, ['petra']],

  ['code in any system or none', { kind: 'token', code: 'a' }, ['plain', 'loinc', 'other']],
  ['code in a system', { kind: 'token', system: 'http://loinc.org', code: 'a' }, ['loinc']],
  ['code and system of one value', { kind: 'token', system: 'http://other.org', code: 'b' }, []],
  ['code without a system', { kind: 'token', system: null, code: 'a' }, ['plain']],
  ['any code in a system', { kind: 'token', system: 'http://loinc.org' }, ['loinc', 'other', 'upper', 'long']],
  ['any code of an unknown system', { kind: 'token', system: 'http://nowhere.org' }, []],
  ['code with its case', { kind: 'token', code: 'A' }, ['upper']],
  ['code of 400 characters', { kind: 'token', code: 'x'.repeat(400) }, ['long']],
  ['code that only begins as a long one does', { kind: 'token', code: 'x'.repeat(399) }, []],
  ['text of a token begins', { kind: 'token', text: 'heart' }, ['loinc', 'text']],
  ['text and code of one value', { kind: 'token', text: 'heart', code: 'a' }, ['loinc']],

  [
    'overlap of periods',
    { kind: 'date', range: every(low('<=', 11 * day - 1), high('>=', 10 * day)) },
    ['instant', 'day', 'month'],
  ],
  [
    'overlap with an open beginning',
    { kind: 'date', range: every(low('<=', 0), high('>=', -100 * day)) },
    ['month', 'until'],
  ],
  ['overlap with an open end', { kind: 'date', range: every(low('<=', 500 * day), high('>=', 400 * day)) }, ['since']],
  [
    'within a period',
    { kind: 'date', range: every(low('>=', 10 * day), high('<=', 11 * day - 1)) },
    ['instant', 'day'],
  ],
  ['ends after', { kind: 'date', range: every(high('>', 35 * day)) }, ['since', 'twice']],
  ['begins before', { kind: 'date', range: every(low('<', 0)) }, ['until', 'early']],
  ['begins after', { kind: 'date', range: every(low('>', 11 * day)) }, ['since', 'twice']],
  ['ends before', { kind: 'date', range: every(high('<', 2 * day)) }, ['twice', 'early']],
  [
    'both ends of one value',
    { kind: 'date', range: every(low('>', 2 * day), high('<', 30 * day)) },
    ['instant', 'day'],
  ],
  [
    'outside of a period, on either side',
    { kind: 'date', range: some(low('<', 0), high('>', 31 * day - 1)) },
    ['until', 'since', 'twice', 'early'],
  ],

  ['number in a range', { kind: 'number', range: every(low('>=', 0.5), high('<=', 1.5)) }, ['one']],
  ['number with a fraction', { kind: 'number', range: every(low('>=', 0.1), high('<=', 0.1)) }, ['tenth']],
  ['number below', { kind: 'number', range: every(low('<', 0)) }, ['minus']],
  ['number above, ranges too', { kind: 'number', range: every(high('>', 7)) }, ['range', 'open']],
  [
    'number outside',
    { kind: 'number', range: some(low('<', 0.5), high('>', 1.5)) },
    ['tenth', 'minus', 'range', 'open'],
  ],
  ['number overlapping ranges', { kind: 'number', range: every(low('<=', 6), high('>=', 6)) }, ['range', 'open']],

  ['quantity of any unit', { kind: 'quantity', range: every(low('>=', 5), high('<=', 5)) }, ['mg', 'g', 'bare']],
  ['quantity of a unit', { kind: 'quantity', code: 'mg', range: every(low('>=', 5), high('<=', 5)) }, ['mg']],
  [
    'quantity of a unit of a system',
    { kind: 'quantity', system: 'http://unitsofmeasure.org', code: 'g', range: every(low('>', 4)) },
    ['g'],
  ],
  ['quantity without a system', { kind: 'quantity', system: null, range: every(low('>', 4)) }, ['bare']],
  ['quantity range', { kind: 'quantity', code: 'mg', range: every(high('>', 8)) }, ['range']],

  ['uri as it is', { kind: 'uri', match: 'exact', uri: 'http://a.org/fhir' }, ['root']],
  ['uri below', { kind: 'uri', match: 'below', uri: 'http://a.org/fhir' }, ['root', 'below', 'deep']],
  ['uri above', { kind: 'uri', match: 'above', uri: 'http://a.org/fhir/ValueSet/1' }, ['root', 'below', 'deep']],
  ['uri above, patterns being plain', { kind: 'uri', match: 'above', uri: 'http://a.org/fXir' }, []],

  ['reference of a type', { kind: 'reference', base: null, type: 'Patient', id: '1' }, ['own']],
  ['reference with its base left open', { kind: 'reference', type: 'Patient', id: '1' }, ['own', 'other']],
  ['reference by id alone', { kind: 'reference', id: '1' }, ['own', 'group', 'other', 'untyped']],
  ['reference elsewhere', { kind: 'reference', base: 'http://else.where/fhir', type: 'Patient', id: '1' }, ['other']],
  ['reference without a type', { kind: 'reference', base: null, type: null, id: '1' }, ['untyped']],
  ['reference to any of a type', { kind: 'reference', base: null, type: 'Patient' }, ['own', 'two']],
  ['reference to one of several', { kind: 'reference', base: null, type: 'Patient', id: '3' }, ['two']],
];

export async function fillValues(store: ResourceStore): Promise<void> {
  for (const [kind, resources] of Object.entries(values)) {
    const changes = Object.entries(resources).map(([id, indexed]) =>
      put(`Basic/${kind}-${id}`, { index: indexed.map((value) => entry(`Basic.${kind}`, value)) }),
    );
    await committed(store, ...changes);
  }
}

export function valueTestRules(open: OpenStore): void {
  describe('value tests', () => {
    const store = useStore(open, fillValues);
    const all = Object.entries(values).flatMap(([kind, resources]) =>
      Object.keys(resources).map((id) => `Basic/${kind}-${id}`),
    );
    const named = (kind: string, ids: string[]) => ids.map((id) => `Basic/${kind}-${id}`);

    it.each(cases)('%s', async (_, test, finds) => {
      const condition = { kind: 'value', param: `Basic.${test.kind}`, test } as const;
      expect(await found(store(), query(condition, ['Basic']))).toEqual(named(test.kind, finds));
    });

    it.each(cases)('not: %s', async (_, test, finds) => {
      const condition = { kind: 'value', param: `Basic.${test.kind}`, test } as const;
      const others = all.filter((name) => !named(test.kind, finds).includes(name));
      expect(await found(store(), query({ kind: 'not', of: condition }, ['Basic']))).toEqual(others);
    });

    it('a value of another parameter does not count', async () => {
      const condition = { kind: 'value', param: 'Basic.other', test: { kind: 'token', code: 'a' } } as const;
      expect(await found(store(), query(condition))).toEqual([]);
    });

    const kinds = ['string', 'token', 'date', 'number', 'quantity', 'uri', 'reference'] as const;
    it.each(kinds)('present: a resource that has any %s', async (of) => {
      const ids = Object.keys(values[of] ?? {}).filter((id) => id !== 'empty');
      const present = { kind: 'present', param: `Basic.${of}`, of } as const;
      expect(await found(store(), query(present))).toEqual(named(of, ids));
      expect(await found(store(), query({ kind: 'not', of: present }, ['Basic']))).toHaveLength(
        all.length - ids.length,
      );
    });
  });
}
