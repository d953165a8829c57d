/** What each kind of element is found by. */
import { describe, expect, it } from 'vitest';
import { OPEN_HIGH, OPEN_LOW } from '../../stores/resources/index-entry.ts';
import { loadDefinitions } from '../definitions/load.ts';
import type { Resource } from '../resource/types.ts';
import { compileIndexer } from './index-resource.ts';

const base = 'http://localhost/fhir';
const index = compileIndexer(loadDefinitions());
const time = (text: string) => Date.parse(text);

/** The values that `resource` is found by under one parameter, without what every case has in common. */
function values(resource: Resource, param: string): unknown[] {
  return index(resource, base)
    .filter((entry) => entry.param === param)
    .map(({ param: _, ...value }) => value);
}

const string = (exact: string, folded = exact.toLowerCase()) => ({ kind: 'string', folded, exact });
const token = (system: string | null, code: string | null, text: string | null = null) => ({
  kind: 'token',
  system,
  code,
  text,
});
const reference = (type: string | null, id: string, of: string | null = null) => ({
  kind: 'reference',
  base: of,
  type,
  id,
});
const quantity = (system: string | null, code: string | null, low: number, high = low) => ({
  kind: 'quantity',
  system,
  code,
  low,
  high,
});
const date = (low: string | number, high: string | number) => ({
  kind: 'date',
  low: typeof low === 'string' ? time(low) : low,
  high: typeof high === 'string' ? time(high) : high,
});

type Case = [rule: string, resource: Resource, param: string, values: unknown[]];

const cases: Case[] = [
  [
    'a name is found by each part, folded and as it is',
    {
      resourceType: 'Patient',
      name: [{ family: 'Müller', given: ['Jörg', ' Ka  Li '], prefix: ['Dr.'], suffix: ['II'], text: 'JM' }],
    },
    'Patient.name',
    [
      string('Müller', 'muller'),
      string('Jörg', 'jorg'),
      string(' Ka  Li ', 'ka li'),
      string('Dr.'),
      string('II'),
      string('JM'),
    ],
  ],
  [
    'an address is found by each part',
    {
      resourceType: 'Patient',
      address: [
        {
          use: 'home',
          line: ['1 A St', 'Apt 2'],
          city: 'C',
          district: 'D',
          state: 'S',
          postalCode: 'P',
          country: 'X',
          text: 'T',
        },
      ],
    },
    'Patient.address',
    ['1 A St', 'Apt 2', 'C', 'D', 'S', 'P', 'X', 'T'].map((text) => string(text)),
  ],
  [
    'a code gets the system that its element is bound to',
    { resourceType: 'Patient', gender: 'male' },
    'Patient.gender',
    [token('http://hl7.org/fhir/administrative-gender', 'male')],
  ],
  [
    'a boolean is a token of special-values',
    { resourceType: 'Patient', active: false },
    'Patient.active',
    [token('http://hl7.org/fhir/special-values', 'false')],
  ],
  [
    'an identifier is a token with the text of its type',
    { resourceType: 'Patient', identifier: [{ system: 's', value: 'v', type: { text: 'MRN' } }] },
    'Patient.identifier',
    [token('s', 'v', 'mrn')],
  ],
  [
    'an identifier without a value is not indexed',
    { resourceType: 'Patient', identifier: [{ system: 's' }] },
    'Patient.identifier',
    [],
  ],
  [
    'the system of a contact point is its use',
    {
      resourceType: 'Patient',
      telecom: [
        { system: 'phone', use: 'home', value: '1' },
        { system: 'email', value: 'a@b' },
      ],
    },
    'Patient.telecom',
    [token('home', '1'), token(null, 'a@b')],
  ],
  [
    'phone takes contact points of that system only',
    {
      resourceType: 'Patient',
      telecom: [
        { system: 'phone', use: 'home', value: '1' },
        { system: 'email', value: 'a@b' },
      ],
    },
    'Patient.phone',
    [token('home', '1')],
  ],
  [
    'a concept is found by each coding, and by its text where no coding displays it',
    {
      resourceType: 'Observation',
      code: { coding: [{ system: 's', code: 'a', display: 'Á b' }, { code: 'c' }, { display: 'D' }], text: 'E' },
    },
    'Observation.code',
    [token('s', 'a', 'a b'), token(null, 'c'), token(null, null, 'd'), token(null, null, 'e')],
  ],
  [
    'a text that a coding displays is no value of its own',
    { resourceType: 'Observation', code: { coding: [{ code: 'a', display: 'Pulse' }], text: 'pulse' } },
    'Observation.code',
    [token(null, 'a', 'pulse')],
  ],
  [
    'equal values are one entry',
    { resourceType: 'Patient', name: [{ family: 'A' }, { family: 'A' }] },
    'Patient.family',
    [string('A')],
  ],
  [
    'a deceased patient is a true token, whatever says it',
    { resourceType: 'Patient', deceasedDateTime: '2001' },
    'Patient.deceased',
    [token('http://hl7.org/fhir/special-values', 'true')],
  ],
  [
    'a date covers its precision',
    { resourceType: 'Patient', birthDate: '1974-12' },
    'Patient.birthdate',
    [date('1974-12-01T00:00:00.000Z', '1974-12-31T23:59:59.999Z')],
  ],
  [
    'an instant is a point in time',
    { resourceType: 'Observation', effectiveInstant: '2020-01-01T00:00:00Z' },
    'Observation.date',
    [date('2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z')],
  ],
  [
    'a period without an end is open',
    { resourceType: 'Encounter', period: { start: '2020' } },
    'Encounter.date',
    [date('2020-01-01T00:00:00.000Z', OPEN_HIGH)],
  ],
  [
    'a period without a start is open',
    { resourceType: 'Encounter', period: { end: '2020' } },
    'Encounter.date',
    [date(OPEN_LOW, '2020-12-31T23:59:59.999Z')],
  ],
  ['an empty period is not indexed', { resourceType: 'Encounter', period: { id: 'x' } }, 'Encounter.date', []],
  [
    'a timing is found by its outer limits',
    {
      resourceType: 'Observation',
      effectiveTiming: { event: ['2020-03', '2020-01'], repeat: { boundsPeriod: { end: '2021' } } },
    },
    'Observation.date',
    [date(OPEN_LOW, '2021-12-31T23:59:59.999Z')],
  ],
  [
    'a date that does not exist is skipped, its neighbours are not',
    { resourceType: 'Observation', effectiveDateTime: '2021-02-30', issued: '2021-02-28T00:00:00Z' },
    'Observation.date',
    [],
  ],
  [
    'a number is found by its value',
    { resourceType: 'RiskAssessment', prediction: [{ probabilityDecimal: 0.5 }] },
    'RiskAssessment.probability',
    [{ kind: 'number', low: 0.5, high: 0.5 }],
  ],
  [
    'a range is a number with two ends',
    { resourceType: 'RiskAssessment', prediction: [{ probabilityRange: { low: { value: 1 }, high: { value: 2 } } }] },
    'RiskAssessment.probability',
    [{ kind: 'number', low: 1, high: 2 }],
  ],
  [
    'a quantity is found by system, code and value; its unit is not searched',
    { resourceType: 'Observation', valueQuantity: { value: 1.5, unit: 'milli', system: 'u', code: 'mg' } },
    'Observation.value-quantity',
    [quantity('u', 'mg', 1.5)],
  ],
  [
    'a quantity without a value is not indexed',
    { resourceType: 'Observation', valueQuantity: { code: 'mg' } },
    'Observation.value-quantity',
    [],
  ],
  [
    'money is a quantity of its currency',
    { resourceType: 'Invoice', totalNet: { value: 3, currency: 'EUR' } },
    'Invoice.totalnet',
    [quantity('urn:iso:std:iso:4217', 'EUR', 3)],
  ],
  [
    'a range of quantities has open ends where they are missing',
    { resourceType: 'Condition', onsetRange: { low: { value: 5, system: 'u', code: 'a' } } },
    'Condition.onset-age',
    [quantity('u', 'a', 5, Number.MAX_VALUE)],
  ],
  [
    'a canonical is found by its bare URL',
    { resourceType: 'Patient', meta: { profile: ['http://a/b|1.0', 'http://c#f'] } },
    'Resource._profile',
    [
      { kind: 'uri', uri: 'http://a/b' },
      { kind: 'uri', uri: 'http://c' },
    ],
  ],
  [
    'a uri is found as it is',
    { resourceType: 'Patient', meta: { source: 'urn:x|1#y' } },
    'Resource._source',
    [{ kind: 'uri', uri: 'urn:x|1#y' }],
  ],
  [
    'a relative reference',
    { resourceType: 'Observation', subject: { reference: 'Group/1/_history/2' } },
    'Observation.subject',
    [reference('Group', '1')],
  ],
  [
    'a reference below the own address is one of its own',
    { resourceType: 'Observation', subject: { reference: `${base}/Patient/1` } },
    'Observation.subject',
    [reference('Patient', '1')],
  ],
  [
    'a reference to another server keeps that address',
    { resourceType: 'Observation', subject: { reference: 'https://other/a/Patient/1' } },
    'Observation.subject',
    [reference('Patient', '1', 'https://other/a')],
  ],
  [
    'a parameter limited to a type takes only references to it',
    { resourceType: 'Observation', subject: { reference: 'Group/1' } },
    'Observation.patient',
    [],
  ],
  [
    'a bare id gets its type when only one is possible',
    { resourceType: 'Patient', managingOrganization: { reference: 'x' } },
    'Patient.organization',
    [reference('Organization', 'x')],
  ],
  [
    'a bare id stays without a type when several are possible',
    { resourceType: 'Observation', subject: { reference: 'x' } },
    'Observation.subject',
    [reference(null, 'x')],
  ],
  ...['#x', 'urn:uuid:1', ''].map(
    (text): Case => [
      `the reference '${text}' is not indexed`,
      { resourceType: 'Observation', subject: { reference: text } },
      'Observation.subject',
      [],
    ],
  ),
  [
    'a reference that only names an identifier is not indexed',
    { resourceType: 'Observation', subject: { identifier: { value: 'x' } } },
    'Observation.subject',
    [],
  ],
  [
    'the first entry of a document is a reference to its composition',
    {
      resourceType: 'Bundle',
      type: 'document',
      entry: [
        { resource: { resourceType: 'Composition', id: 'c' } },
        { resource: { resourceType: 'Composition', id: 'd' } },
      ],
    },
    'Bundle.composition',
    [reference('Composition', 'c')],
  ],
  [
    'the values of a composite stand together in one element',
    {
      resourceType: 'Observation',
      component: [
        { code: { coding: [{ code: 'a' }] }, valueQuantity: { value: 1 } },
        { code: { coding: [{ code: 'b' }] }, valueQuantity: { value: 2 } },
        { code: { coding: [{ code: 'c' }] } },
      ],
    },
    'Observation.component-code-value-quantity',
    [
      { kind: 'composite', parts: [token(null, 'a'), quantity(null, null, 1)] },
      { kind: 'composite', parts: [token(null, 'b'), quantity(null, null, 2)] },
    ],
  ],
  [
    'a composite has a value for every combination',
    { resourceType: 'Observation', code: { coding: [{ code: 'a' }, { code: 'b' }] }, valueString: 'X' },
    'Observation.code-value-string',
    [
      { kind: 'composite', parts: [token(null, 'a'), string('X')] },
      { kind: 'composite', parts: [token(null, 'b'), string('X')] },
    ],
  ],
  [
    'a part of a composite may stand elsewhere in the resource',
    {
      resourceType: 'MolecularSequence',
      referenceSeq: { referenceSeqId: { coding: [{ code: 'r' }] } },
      variant: [{ start: 1, end: 2 }],
    },
    'MolecularSequence.referenceseqid-variant-coordinate',
    [
      {
        kind: 'composite',
        parts: [token(null, 'r'), { kind: 'number', low: 1, high: 1 }, { kind: 'number', low: 2, high: 2 }],
      },
    ],
  ],
];

describe('an element is indexed', () => {
  it.each(cases)('%s', (_, resource, param, expected) => {
    expect(values(resource, param)).toEqual(expected);
  });
});
