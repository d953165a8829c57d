import { describe, expect, it } from 'vitest';
import type { Condition, Query, SortKey } from '../../resources/query.ts';
import type { Cursor } from '../../resources/resource-store.ts';
import {
  and,
  byFamily,
  canonical,
  code,
  hasObservation,
  LOINC,
  near,
  newestFirst,
  not,
  observations,
  ofPatient,
  oneOf,
  or,
  overlapping,
  patient,
  patients,
  starts,
  value,
} from '../testing/queries.ts';
import { compileHistory } from './history.ts';
import { compileInclude } from './include.ts';
import { compileCount, compileSearch } from './search.ts';
import type { Sql } from './sql.ts';

/** Nothing is counted: the rank alone decides what drives. */
const uncounted = () => 0;

function shown({ text, parameters }: Sql): string {
  const lines = text.replace(/ (FROM|WHERE|CROSS JOIN|AND|UNION|EXCEPT|ORDER BY|GROUP BY|LIMIT) /g, '\n$1 ');
  return `${lines}\n-- ${parameters.map(shownParameter).join(', ')}`;
}

function shownParameter(parameter: Sql['parameters'][number]): string {
  if (typeof parameter !== 'object' || parameter === null) return JSON.stringify(parameter).replace('\u{10ffff}', '…');
  return 'name' in parameter ? parameter.name : `list of ${parameter.list.length}`;
}

function compiled(query: Query, after?: Cursor): string {
  return compileSearch(query, 11, after, uncounted).statements.map(shown).join('\n\n');
}

const name = starts('Patient.name', 'smi');
const mrn = value('Patient.identifier', { kind: 'token', system: 'http://mrn', code: '7' });
const tag = value('Resource._tag', { kind: 'token', code: 'x' });

const knee = { kind: 'text', in: 'content', phrase: 'left "knee"' } as const;
const pain = { kind: 'text', in: 'narrative', phrase: 'pain' } as const;

const golden: [search: string, query: Query, after?: Cursor][] = [
  ['Patient?_content="left knee"', patients(knee)],
  ['Patient?_content=knee, the page behind position 7', patients(knee), [7]],
  ['Patient?_text=pain NOT knee', patients(and(pain, not(knee)))],
  ['Observation?subject:Patient._text=pain', observations(ofPatient(pain))],
  ['Patient?name=smi', patients(name)],
  ['Patient?name=smi, the page behind position 7', patients(name), [7]],
  ['Patient?name:exact=Smith', patients(value('Patient.name', { kind: 'string', match: 'exact', exact: 'Smith' }))],
  ['Patient?name:contains=mit', patients(value('Patient.name', { kind: 'string', match: 'contains', folded: 'mit' }))],
  ['Patient?identifier=http://mrn|7', patients(mrn)],
  ['Patient?gender=male', patients(value('Patient.gender', { kind: 'token', code: 'male' }))],
  ['Patient?identifier=http://mrn|', patients(value('Patient.identifier', { kind: 'token', system: 'http://mrn' }))],
  ['Patient?identifier=|7', patients(value('Patient.identifier', { kind: 'token', system: null, code: '7' }))],
  ['Observation?code:text=heart', observations(value('Observation.code', { kind: 'token', text: 'heart' }))],
  ['Observation?date=2020', observations(overlapping(1577836800000, 1609459199999))],
  [
    'Observation?date=gt100',
    observations(
      value('Observation.date', {
        kind: 'date',
        range: { join: 'every', bounds: [{ end: 'high', is: '>', value: 100 }] },
      }),
    ),
  ],
  [
    'Observation?date=ne100',
    observations(
      value('Observation.date', {
        kind: 'date',
        range: {
          join: 'some',
          bounds: [
            { end: 'low', is: '<', value: 100 },
            { end: 'high', is: '>', value: 100 },
          ],
        },
      }),
    ),
  ],
  [
    'Observation?value-quantity=5||mg',
    observations(
      value('Observation.value-quantity', {
        kind: 'quantity',
        code: 'mg',
        range: {
          join: 'every',
          bounds: [
            { end: 'low', is: '>=', value: 4.5 },
            { end: 'high', is: '<=', value: 5.5 },
          ],
        },
      }),
    ),
  ],
  [
    'RiskAssessment?probability=lt0.5',
    {
      types: ['RiskAssessment'],
      where: value('RiskAssessment.probability', {
        kind: 'number',
        range: { join: 'every', bounds: [{ end: 'low', is: '<', value: 0.5 }] },
      }),
      sort: [],
    },
  ],
  [
    'ValueSet?url=http://a',
    { types: ['ValueSet'], where: value('ValueSet.url', { kind: 'uri', match: 'exact', uri: 'http://a' }), sort: [] },
  ],
  [
    'ValueSet?url:above=http://a/b',
    { types: ['ValueSet'], where: value('ValueSet.url', { kind: 'uri', match: 'above', uri: 'http://a/b' }), sort: [] },
  ],
  [
    'ValueSet?url:below=http://a',
    { types: ['ValueSet'], where: value('ValueSet.url', { kind: 'uri', match: 'below', uri: 'http://a' }), sort: [] },
  ],
  ['Observation?patient=Patient/1', observations(patient('1'))],
  ['Observation?code=a&date=100..200', observations(and(code('a'), overlapping(100, 200)))],
  ['Observation?patient=1&code=a&_sort=-date', observations(and(code('a'), patient('1')), newestFirst)],
  ['Observation?patient=1&_sort=-date, behind a value', observations(patient('1'), newestFirst), [50, 7]],
  ['Observation?patient=1&_sort=-date, behind a missing value', observations(patient('1'), newestFirst), [null, 7]],
  [
    'Observation?patient=1&_sort=date, behind a missing value',
    observations(patient('1'), { ...newestFirst, descending: false }),
    [null, 7],
  ],
  ['Observation?code=a,b', observations(or(code('a'), code('b')))],
  ['Observation?code=12 values', observations(or(...Array.from({ length: 12 }, (_, at) => code(`c${at}`))))],
  ['Observation?code=a or patient=1', observations(or(code('a'), patient('1')))],
  ['Observation?code:not=a,b', observations(not(or(code('a'), code('b'))))],
  ['Patient?deceased:missing=true', patients(not({ kind: 'present', param: 'Patient.deceased', of: 'token' }))],
  ['Patient?deceased:missing=false', patients({ kind: 'present', param: 'Patient.deceased', of: 'token' })],
  [
    'Observation?code-value-quantity:missing=true',
    observations(not({ kind: 'present', param: 'Observation.code-value-quantity', of: 'composite' })),
  ],
  [
    'Observation?code-value-quantity=a$gt5',
    observations({
      kind: 'composite',
      param: 'Observation.code-value-quantity',
      parts: [
        { kind: 'token', system: LOINC, code: 'a' },
        { kind: 'quantity', range: { join: 'every', bounds: [{ end: 'low', is: '>', value: 5 }] } },
      ],
    }),
  ],
  ['Observation?patient.name=smi', observations(ofPatient(name))],
  ['Observation?patient.name=smi&code=a', observations(and(ofPatient(name), code('a')))],
  ['Patient?_has:Observation:patient:code=a', patients(hasObservation(code('a')))],
  ['Patient?_has:Observation:patient:code=a&identifier=http://mrn|7', patients(and(hasObservation(code('a')), mrn))],
  ['Patient?_id=1,2', patients({ kind: 'id', ids: ['1', '2'] })],
  ['_id=1 of every type', { types: undefined, where: { kind: 'id', ids: ['1'] }, sort: [] }],
  [
    'Patient?_lastUpdated=ge1 s&_lastUpdated=lt2 s',
    patients({
      kind: 'updated',
      range: {
        join: 'every',
        bounds: [
          { end: 'high', is: '>=', value: 1000 },
          { end: 'low', is: '<', value: 2000 },
        ],
      },
    }),
  ],
  ['Patient?_sort=-_lastUpdated', patients(undefined, { by: 'updated', descending: true })],
  ['Patient?_sort=family', patients(undefined, byFamily)],
  ['Patient?_sort=family, behind a missing value', patients(undefined, byFamily), [null, 7]],
  ['Patient?_sort=family, behind a value', patients(undefined, byFamily), ['smith', 7]],
  ['Observation?_sort=-date', observations(undefined, newestFirst)],
  ['Observation?_sort=-date, behind a value', observations(undefined, newestFirst), [50, 7]],
  [
    'Patient?name=smi&_sort=family,-birthdate, behind values',
    patients(name, byFamily, { by: 'param', param: 'Patient.birthdate', of: 'date', descending: true }),
    ['smith', null, 7],
  ],
  ['_type=Patient,Group&_tag=x', { types: ['Patient', 'Group'], where: tag, sort: [] }],
  ['_type=Patient,Group', { types: ['Patient', 'Group'], where: undefined, sort: [] }],
  [
    '_sort=_type,_lastUpdated',
    {
      types: undefined,
      where: undefined,
      sort: [
        { by: 'type', descending: false },
        { by: 'updated', descending: false },
      ],
    },
  ],
  ['every resource', { types: undefined, where: undefined, sort: [] }],
  [
    '_type=Observation,Encounter&_sort=-date',
    {
      types: ['Observation', 'Encounter'],
      where: undefined,
      sort: [{ ...newestFirst, others: ['Encounter.date'] } as SortKey],
    },
  ],
  ['Observation?code:in=…', observations(oneOf('a', 'b'))],
  ['Observation?code:in=…&patient=1', observations(and(oneOf('a', 'b'), patient('1')))],
  ['Observation?code:not-in=…', observations(not(oneOf('a', 'b')))],
  ['Observation?value-quantity=0.5|ucum|/s', observations(canonical('s-1', 0.45, 0.55))],
  ['Location?near=…', { types: ['Location'], where: near, sort: [] }],
  ['Patient?_filter=name eq smi', patients(value('Patient.name', { kind: 'string', match: 'is', folded: 'smi' }))],
  ['Patient?_filter=name ew smi', patients(value('Patient.name', { kind: 'string', match: 'ends', folded: 'smi' }))],
  [
    'Patient?_not-referenced=Observation:*',
    patients(not({ kind: 'referenced', by: ['Observation.patient', 'Observation.subject'] })),
  ],
  ['nothing', patients(and(name, { kind: 'nothing' }))],
];

describe('a search compiles to text and parameters', () => {
  it.each(golden)('%s', (_, query, after) => {
    expect(compiled(query, after)).toMatchSnapshot();
  });

  it('a count looks at positions only', () => {
    expect(shown(compileCount(patients(name), uncounted))).toMatchSnapshot();
    expect(shown(compileCount(patients(name), uncounted, 10_000))).toMatchSnapshot();
  });

  it('includes of one kind are one statement', () => {
    const include = [
      { kind: 'include', param: 'Observation.patient' },
      { kind: 'include', param: 'Observation.performer' },
      { kind: 'include', param: 'Observation.subject', types: ['Patient', 'Group'] },
      { kind: 'revinclude', source: 'Provenance', param: 'Provenance.target' },
    ] as const;
    expect(shown(compileInclude([{ type: 'Observation', id: '1' }], include, 11))).toMatchSnapshot();
  });

  it('a further page of included resources begins behind the last one, a further round leaves out what was found', () => {
    const include = [
      { kind: 'include', param: 'Observation.patient' },
      { kind: 'revinclude', source: 'Observation', param: 'Observation.has-member', types: ['Observation'] },
    ] as const;
    const from = [{ type: 'Observation', id: '1' }];
    expect(shown(compileInclude(from, include, 11, { after: [7] }))).toMatchSnapshot();
    expect(shown(compileInclude(from, include, 11, { besides: [{ type: 'Patient', id: '1' }] }))).toMatchSnapshot();
  });

  it('history is a range of positions', () => {
    expect(
      shown(compileHistory({ type: 'Patient', id: '1', oldestFirst: false }, 11, [7], uncounted)),
    ).toMatchSnapshot();
    expect(
      shown(compileHistory({ since: 1, before: 2, oldestFirst: true }, 11, undefined, uncounted)),
    ).toMatchSnapshot();
  });
});

describe('values never enter the text', () => {
  const hostile = `'"; DROP TABLE resource; --`;

  it('nor do words: they are one string of the full-text query', () => {
    const [statement] = compileSearch(
      patients({ kind: 'text', in: 'narrative', phrase: hostile }),
      11,
      undefined,
      uncounted,
    ).statements;
    expect(statement?.text).not.toContain('DROP');
    expect(statement?.parameters).toContain(`narrative : "'""; DROP TABLE resource; --"`);
  });

  const tests = [
    { kind: 'string', match: 'starts', folded: hostile },
    { kind: 'string', match: 'contains', folded: hostile },
    { kind: 'string', match: 'exact', exact: hostile },
    { kind: 'token', system: hostile, code: hostile },
    { kind: 'token', text: hostile, code: hostile },
    { kind: 'uri', match: 'above', uri: hostile },
    { kind: 'uri', match: 'below', uri: hostile },
    { kind: 'reference', base: hostile, type: hostile, id: hostile },
    {
      kind: 'quantity',
      system: hostile,
      code: hostile,
      range: { join: 'every', bounds: [{ end: 'low', is: '>', value: 1 }] },
    },
  ] as const;
  const conditions: Condition[] = tests.flatMap((test): Condition[] => {
    const one = value(`Patient.${hostile}`, test);
    return [
      one,
      not(one),
      or(one, one),
      ofPatient(one),
      hasObservation(one),
      { kind: 'composite', param: `A.${hostile}`, parts: [test, test] },
    ];
  });
  conditions.push(
    { kind: 'id', ids: [hostile] },
    { kind: 'id', ids: [hostile, hostile] },
    { kind: 'type', types: [hostile] },
  );

  it.each(conditions.map((condition) => [JSON.stringify(condition).slice(0, 60), condition] as const))(
    '%s',
    (_, condition) => {
      const sort = { by: 'param', param: `Patient.${hostile}`, of: 'string', descending: false } as const;
      for (const query of [
        patients(condition),
        patients(condition, sort),
        { types: [hostile], where: not(condition), sort: [sort] },
      ]) {
        for (const { text } of compileSearch(query, 11, [hostile, hostile], uncounted).statements)
          expect(text).not.toContain('DROP');
      }
    },
  );

  it('text is the same for lists of any length', () => {
    const listed = (length: number) =>
      compiled(observations(or(...Array.from({ length }, (_, at) => code(`c${at}`))))).split('--')[0];
    expect(listed(11)).toBe(listed(500));
  });
});
