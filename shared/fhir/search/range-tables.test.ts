/**
 * What each prefix finds, over stored values and arguments that touch, overlap and miss each other. The expected ids come
 * from the rules of AHDS written down once more as plain comparisons, and edges that matter are stated by hand.
 */
import { describe, expect, it } from 'vitest';
import { searchTables } from './testing/search-table.ts';

const table = searchTables();
const prefixes = ['', 'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb', 'ap'] as const;
type Prefix = (typeof prefixes)[number];
type Range = readonly [low: number, high: number];

/** The lesser half of the unit of the last digit: 0.5 for `100`, 0.05 for `-1.0`, 0.0005 for `12.3e-2`. */
function halfUnit(text: string): number {
  const [digits = '', exponent = '0'] = text.split(/e/i);
  const places = (digits.split('.')[1] ?? '').length - Number(exponent);
  return 0.5 * 10 ** -Math.max(places, 0);
}

function numberMatches(prefix: Prefix, [low, high]: Range, text: string): boolean {
  const [n, p] = [Number(text), halfUnit(text)];
  const slack = 1e-9;
  switch (prefix) {
    case '':
    case 'eq':
      return low <= n + p + slack && high >= n - p - slack;
    case 'ne':
      return low < n - p - slack || high > n + p + slack;
    case 'gt':
    case 'sa':
      return high > n;
    case 'ge':
      return high >= n;
    case 'lt':
    case 'eb':
      return low < n;
    case 'le':
      return low <= n;
    case 'ap':
      return low <= n + p + Math.abs(n) / 10 + slack && high >= n - p - Math.abs(n) / 10 - slack;
  }
}

function dateMatches(prefix: Prefix, [low, high]: Range, [a, b]: Range): boolean {
  switch (prefix) {
    case '':
    case 'eq':
      return low <= b && high >= a;
    case 'ne':
      return low < a || high > b;
    case 'gt':
      return high > b;
    case 'ge':
      return high >= a;
    case 'lt':
      return low < a;
    case 'le':
      return low <= b;
    case 'sa':
      return low > b;
    case 'eb':
      return high < a;
    case 'ap':
      return true;
  }
}

const found = <T>(stored: Readonly<Record<string, T>>, matches: (value: T) => boolean): string =>
  Object.entries(stored)
    .flatMap(([id, value]) => (matches(value) ? [id] : []))
    .sort()
    .join(' ');

describe('NumberSearch: each prefix at each edge of the precision', () => {
  const stored: Record<string, number> = {
    n0: 0,
    n1: 0.25,
    n2: 0.245,
    n3: 0.255,
    n4: 0.2451,
    n5: 0.256,
    n6: 1,
    n7: -0.25,
    n8: 0.3,
  };
  const items = ['0', '0.25', '0.250', '1', '-0.25', '2.5e-1', '0.3'];
  table(
    'RiskAssessment',
    Object.fromEntries(
      Object.entries(stored).map(([id, value]) => [id, { prediction: [{ probabilityDecimal: value }] }]),
    ),
    items.flatMap((text) =>
      prefixes.map((prefix): [string, string] => [
        `probability=${prefix}${text}`,
        found(stored, (value) => numberMatches(prefix, [value, value], text)),
      ]),
    ),
  );
  table('RiskAssessment', {}, [
    ['probability=0.25', 'n1 n2 n3 n4'],
    ['probability=0.250', 'n1'],
    ['probability=1e0', 'n6'],
    ['probability=-2.5E-1', 'n7'],
    ['probability=+0.30', 'n8'],
    ['probability=0.25,0.30', 'n1 n2 n3 n4 n8'],
    ['probability=ge0.25&probability=lt0.3', 'n1 n3 n5'],
  ]);
});

describe('QuantitySearch: each prefix, with and without unit, ranges and open ends', () => {
  const ucum = 'http://unitsofmeasure.org';
  const stored: Record<string, { range: Range; unit: 'mg' | 'g' | 'none' }> = {
    q0: { range: [5, 5], unit: 'mg' },
    q1: { range: [5.4, 5.4], unit: 'mg' },
    q2: { range: [5.45, 5.45], unit: 'mg' },
    q3: { range: [5.5, 5.5], unit: 'none' },
    q4: { range: [-5, -5], unit: 'mg' },
    q5: { range: [0.0054, 0.0054], unit: 'g' },
    q6: { range: [5, 5], unit: 'g' },
  };
  const quantity = (value: number, unit: string) =>
    unit === 'none' ? { value } : { value, unit, system: ucum, code: unit };
  const grams = { mg: 1000, g: 1, none: Number.NaN };
  table(
    'Observation',
    Object.fromEntries(
      Object.entries(stored).map(([id, { range, unit }]) => [id, { valueQuantity: quantity(range[0], unit) }]),
    ),
    ['5', '5.4', '5.40', '-5', '0.0054', '5e0', '54e-1'].flatMap((text) =>
      prefixes.flatMap((prefix): [string, string][] => [
        [`value-quantity=${prefix}${text}`, found(stored, ({ range }) => numberMatches(prefix, range, text))],
        [
          `value-quantity=${prefix}${text}||mg`,
          found(stored, ({ range, unit }) => unit === 'mg' && numberMatches(prefix, range, text)),
        ],
        [
          `value-quantity=${prefix}${text}|${ucum}|mg`,
          found(stored, ({ range: [value], unit }) => {
            const inMilligrams = Number(((value * 1000) / grams[unit]).toPrecision(12));
            return unit !== 'none' && numberMatches(prefix, [inMilligrams, inMilligrams], text);
          }),
        ],
      ]),
    ),
  );
  table('Observation', {}, [
    [`value-quantity=5.4|${ucum}|mg`, 'q1 q2 q5'],
    [`value-quantity=0.0054|${ucum}|g`, 'q1 q2 q5'],
    [`value-quantity=5400|${ucum}|ug`, 'q1 q5'],
    [`value-quantity=5|${ucum}|g`, 'q6'],
    [`value-quantity=gt5|${ucum}|mg`, 'q1 q2 q5 q6'],
    [`value-quantity=lt0|${ucum}|kg`, 'q4'],
    [`value-quantity=5|${ucum}|mL`, ''],
  ]);

  const ranges: Record<string, Range> = { r1: [1, 3], r2: [3, 8], r3: [8, Infinity], r4: [-Infinity, 1] };
  const simple = (value: number) => ({ value, system: ucum, code: 'a' });
  table(
    'Condition',
    Object.fromEntries(
      Object.entries(ranges).map(([id, [low, high]]) => [
        id,
        {
          subject: { reference: 'Patient/1' },
          onsetRange: { ...(low > -Infinity && { low: simple(low) }), ...(high < Infinity && { high: simple(high) }) },
        },
      ]),
    ),
    ['0', '1', '3', '8', '20'].flatMap((text) =>
      prefixes.flatMap((prefix): [string, string][] => [
        [`onset-age=${prefix}${text}`, found(ranges, (range) => numberMatches(prefix, range, text))],
        [`onset-age=${prefix}${text}|${ucum}|a`, found(ranges, (range) => numberMatches(prefix, range, text))],
      ]),
    ),
  );
});

const at = (text: string) => Date.parse(text);
const dates: Record<string, { element: object; range: Range }> = {
  d1: { element: { effectiveDateTime: '1979-12-31' }, range: [at('1979-12-31'), at('1980-01-01') - 1] },
  d2: { element: { effectiveDateTime: '1980' }, range: [at('1980-01-01'), at('1981-01-01') - 1] },
  d3: { element: { effectiveDateTime: '1980-05' }, range: [at('1980-05-01'), at('1980-06-01') - 1] },
  d4: { element: { effectiveDateTime: '1980-05-11' }, range: [at('1980-05-11'), at('1980-05-12') - 1] },
  d5: {
    element: { effectiveDateTime: '1980-05-11T16:32:15Z' },
    range: [at('1980-05-11T16:32:15Z'), at('1980-05-11T16:32:15.999Z')],
  },
  d6: {
    element: { effectiveDateTime: '1980-05-11T16:32:15.500Z' },
    range: [at('1980-05-11T16:32:15.500Z'), at('1980-05-11T16:32:15.500Z')],
  },
  d7: {
    element: { effectivePeriod: { start: '1980-05-16', end: '1980-05-17' } },
    range: [at('1980-05-16'), at('1980-05-18') - 1],
  },
  d8: { element: { effectivePeriod: { start: '1980-05-16' } }, range: [at('1980-05-16'), Infinity] },
  d9: { element: { effectivePeriod: { end: '1980-04' } }, range: [-Infinity, at('1980-05-01') - 1] },
  e1: {
    element: { effectiveDateTime: '1980-05-11T23:30:00-02:00' },
    range: [at('1980-05-12T01:30:00Z'), at('1980-05-12T01:30:00.999Z')],
  },
  e2: { element: { effectiveDateTime: '1981-01-01' }, range: [at('1981-01-01'), at('1981-01-02') - 1] },
};
const asked: Record<string, Range> = {
  '1980': [at('1980-01-01'), at('1981-01-01') - 1],
  '1980-05': [at('1980-05-01'), at('1980-06-01') - 1],
  '1980-05-11': [at('1980-05-11'), at('1980-05-12') - 1],
  '1980-05-11T16:32': [at('1980-05-11T16:32Z'), at('1980-05-11T16:33Z') - 1],
  '1980-05-11T16:32:15': [at('1980-05-11T16:32:15Z'), at('1980-05-11T16:32:15.999Z')],
  '1980-05-11T16:32:15.500': [at('1980-05-11T16:32:15.500Z'), at('1980-05-11T16:32:15.500Z')],
  '1980-05-11T16:32:15.5+02:00': [at('1980-05-11T14:32:15.500Z'), at('1980-05-11T14:32:15.500Z')],
  '1980-05-16': [at('1980-05-16'), at('1980-05-17') - 1],
  '1981-01-01': [at('1981-01-01'), at('1981-01-02') - 1],
};
const observations = Object.fromEntries(Object.entries(dates).map(([id, { element }]) => [id, element]));
const withoutAp = prefixes.filter((prefix) => prefix !== 'ap');

describe('DateSearch: each prefix, partial dates, zones, periods', () => {
  table(
    'Observation',
    observations,
    Object.entries(asked).flatMap(([text, range]) =>
      withoutAp.map((prefix): [string, string] => [
        `date=${prefix}${text}&_count=20`,
        found(dates, (each) => dateMatches(prefix, each.range, range)),
      ]),
    ),
  );
  table('Observation', {}, [
    ['date=1980-05-11', 'd2 d3 d4 d5 d6'],
    ['date=ge1980-05-16&date=le1980-05-16', 'd2 d3 d7 d8'],
    ['date=sa1980-12-31', 'e2'],
    ['date=eb1980', 'd1'],
    ['date=1979,1981', 'd1 d8 d9 e2'],
    ['date:missing=false&date=1981', 'd8 e2'],
  ]);
});

describe('DateSearch: containment, where the service is set so', () => {
  const contained = searchTables({ dateContainment: true });
  const within = ([low, high]: Range, [a, b]: Range) => low >= a && high <= b;
  contained(
    'Observation',
    observations,
    Object.entries(asked).flatMap(([text, range]): [string, string][] => [
      [`date=${text}&_count=20`, found(dates, (each) => within(each.range, range))],
      [`date=eq${text}&_count=20`, found(dates, (each) => within(each.range, range))],
      [`date=ne${text}&_count=20`, found(dates, (each) => !within(each.range, range))],
      [`date=ge${text}&_count=20`, found(dates, (each) => dateMatches('ge', each.range, range))],
    ]),
  );
  contained('Observation', {}, [
    ['date=1980', 'd2 d3 d4 d5 d6 d7 e1'],
    ['date=1980-05-11', 'd4 d5 d6'],
    ['_filter=date po 1981', 'd8 e2'],
  ]);
});

describe('CompositeSearch: the parts of one element, each with prefix and unit', () => {
  const ucum = 'http://unitsofmeasure.org';
  const part = (code: string, value: number, unit: string) => ({
    code: { coding: [{ system: 'http://loinc.org', code }] },
    valueQuantity: { value, system: ucum, code: unit },
  });
  const components: Record<string, [code: string, value: number][]> = {
    c1: [
      ['8480-6', 120],
      ['8462-4', 80],
    ],
    c2: [
      ['8480-6', 80],
      ['8462-4', 120],
    ],
    c3: [['8480-6', 140]],
  };
  const mercury = Object.fromEntries(
    Object.entries(components).map(([id, parts]) => [
      id,
      { component: parts.map(([code, value]) => part(code, value, 'mm[Hg]')) },
    ]),
  );
  table(
    'Observation',
    { ...mercury, c4: { component: [part('8480-6', 16, 'kPa')] }, c5: { status: 'final' } },
    ['8480-6', '8462-4'].flatMap((code) =>
      ['80', '120', '140'].flatMap((text) =>
        prefixes.map((prefix): [string, string] => [
          `component-code-value-quantity=http://loinc.org|${code}$${prefix}${text}||mm[Hg]`,
          found(components, (parts) =>
            parts.some(([own, value]) => own === code && numberMatches(prefix, [value, value], text)),
          ),
        ]),
      ),
    ),
  );
  table('Observation', {}, [
    [`component-code-value-quantity=8480-6$gt100|${ucum}|mm[Hg]`, 'c1 c3 c4'],
    [`component-code-value-quantity=8480-6$16|${ucum}|kPa`, 'c1 c4'],
    [`component-code-value-quantity=8462-4$gt100|${ucum}|mm[Hg]`, 'c2'],
    ['component-code-value-quantity=8480-6$120,8480-6$140', 'c1 c3'],
    ['component-code-value-quantity:missing=true&_id=c1,c5', 'c5'],
    ['component-code-value-quantity:missing=false&_id=c1,c5', 'c1'],
  ]);
});

it('the half unit of a number is that of its last digit', () => {
  expect(['100', '1.0', '12.3e-2', '1e2'].map(halfUnit)).toEqual([0.5, 0.05, 0.0005, 0.5]);
});
