/** The search compiler's front: what a URL means, as plain data. */
import { describe, expect, it } from 'vitest';
import type { Condition, Include, Query, SortKey } from '../../stores/resources/query.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { FhirError } from '../outcome.ts';
import { parseCriteria } from './criteria.ts';
import { parseSearch, type SearchRequest } from './parse-search.ts';

const definitions = loadDefinitions();
const base = 'http://localhost/fhir';
const now = Date.parse('2024-01-01T00:00:00Z');

/** `address` is `Patient?name=a`, or `?_type=Patient` for the whole service. */
function parse(address: string, strict = false): SearchRequest {
  const [type = '', query = ''] = address.split(/\?(.*)/s);
  const pairs = [...new URLSearchParams(query)];
  return parseSearch({ definitions, types: type === '' ? undefined : [type], pairs, base, strict, now });
}

const where = (address: string): Condition | undefined => parse(address).query.where;

function errorOf(run: () => unknown): FhirError {
  try {
    run();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

const ms = (text: string) => Date.parse(text);
const value = (param: string, test: object) => ({ kind: 'value', param, test }) as Condition;
const every = (...bounds: [end: string, is: string, value: number][]) => ({
  join: 'every',
  bounds: bounds.map(([end, is, value]) => ({ end, is, value })),
});
const some = (...bounds: [end: string, is: string, value: number][]) => ({ ...every(...bounds), join: 'some' });
const not = (of: Condition): Condition => ({ kind: 'not', of });
const or = (...of: Condition[]): Condition => ({ kind: 'or', of });
const and = (...of: Condition[]): Condition => ({ kind: 'and', of });

const starts = (param: string, folded: string) => value(param, { kind: 'string', match: 'starts', folded });
const token = (param: string, test: object) => value(param, { kind: 'token', ...test });
const date = (param: string, range: object) => value(param, { kind: 'date', range });
const reference = (param: string, test: object) => value(param, { kind: 'reference', ...test });
const uri = (match: string, of: string) => value('Resource._profile', { kind: 'uri', match, uri: of });
const birthdate = (range: object) => date('Patient.birthdate', range);
const probability = (range: object) => value('RiskAssessment.probability', { kind: 'number', range });
const quantity = (test: object) => value('Observation.value-quantity', { kind: 'quantity', ...test });

const [yearLow, yearHigh] = [ms('2020-01-01T00:00:00.000Z'), ms('2020-12-31T23:59:59.999Z')];
const margin = Math.round((now - yearHigh) / 10);

const conditions: [address: string, where: Condition][] = [
  // string
  ['Patient?name=Jo', starts('Patient.name', 'jo')],
  ['Patient?name=%20J%C3%96%20%20o%20', starts('Patient.name', 'jo o')],
  ['Patient?name:contains=Jo', value('Patient.name', { kind: 'string', match: 'contains', folded: 'jo' })],
  ['Patient?name:exact=Jo', value('Patient.name', { kind: 'string', match: 'exact', exact: 'Jo' })],
  ['Patient?name=a,B', or(starts('Patient.name', 'a'), starts('Patient.name', 'b'))],
  ['Patient?name=a,,', starts('Patient.name', 'a')],
  ['Patient?name=a%5C,b', starts('Patient.name', 'a,b')],
  ['Patient?name=a%5C%5C,b', or(starts('Patient.name', 'a\\'), starts('Patient.name', 'b'))],
  ['Patient?name=a%5Cb%5C', starts('Patient.name', 'a\\b\\')],
  ['Patient?name=eq5', starts('Patient.name', 'eq5')],
  ['Patient?name=a&name=b', and(starts('Patient.name', 'a'), starts('Patient.name', 'b'))],
  ['Patient?name=a&name=a', starts('Patient.name', 'a')],
  ["Patient?name='%20OR%201=1;--", starts('Patient.name', "' or 1=1;--")],
  ['Patient?name:missing=true', not({ kind: 'present', param: 'Patient.name', of: 'string' })],
  ['Patient?name:missing=false', { kind: 'present', param: 'Patient.name', of: 'string' }],
  // token
  ['Patient?gender=male', token('Patient.gender', { code: 'male' })],
  ['Patient?identifier=s|v', token('Patient.identifier', { system: 's', code: 'v' })],
  ['Patient?identifier=|v', token('Patient.identifier', { system: null, code: 'v' })],
  ['Patient?identifier=s|', token('Patient.identifier', { system: 's' })],
  ['Patient?identifier=s%5C||v%5C|w', token('Patient.identifier', { system: 's|', code: 'v|w' })],
  ['Patient?gender:not=male', not(token('Patient.gender', { code: 'male' }))],
  ['Patient?gender:not=a,b', not(or(token('Patient.gender', { code: 'a' }), token('Patient.gender', { code: 'b' })))],
  ['Observation?code:text=Héart', token('Observation.code', { text: 'heart' })],
  ['Patient?active=true', token('Patient.active', { code: 'true' })],
  ['Patient?_tag=s|c', token('Resource._tag', { system: 's', code: 'c' })],
  ['Patient?_security:not=c', not(token('Resource._security', { code: 'c' }))],
  // date
  ['Patient?birthdate=2020', birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow]))],
  ['Patient?birthdate=eq2020', birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow]))],
  ['Patient?birthdate=ne2020', birthdate(some(['low', '<', yearLow], ['high', '>', yearHigh]))],
  ['Patient?birthdate=gt2020', birthdate(every(['high', '>', yearHigh]))],
  ['Patient?birthdate=lt2020', birthdate(every(['low', '<', yearLow]))],
  ['Patient?birthdate=ge2020', birthdate(every(['high', '>=', yearLow]))],
  ['Patient?birthdate=le2020', birthdate(every(['low', '<=', yearHigh]))],
  ['Patient?birthdate=sa2020', birthdate(every(['low', '>', yearHigh]))],
  ['Patient?birthdate=eb2020', birthdate(every(['high', '<', yearLow]))],
  ['Patient?birthdate=ap2020', birthdate(every(['low', '<=', yearHigh + margin], ['high', '>=', yearLow - margin]))],
  [
    'Patient?birthdate=ge2020-02-29T10:00%2B02:00&birthdate=lt2021',
    and(
      birthdate(every(['high', '>=', ms('2020-02-29T08:00:00Z')])),
      birthdate(every(['low', '<', ms('2021-01-01T00:00:00Z')])),
    ),
  ],
  [
    'Patient?birthdate=2020,2020',
    or(
      birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow])),
      birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow])),
    ),
  ],
  // number
  ['RiskAssessment?probability=100', probability(every(['low', '<=', 100.5], ['high', '>=', 99.5]))],
  ['RiskAssessment?probability=0.50', probability(every(['low', '<=', 0.505], ['high', '>=', 0.495]))],
  ['RiskAssessment?probability=-1e-2', probability(every(['low', '<=', -0.005], ['high', '>=', -0.015]))],
  ['RiskAssessment?probability=ne1.0', probability(some(['low', '<', 0.95], ['high', '>', 1.05]))],
  ['RiskAssessment?probability=gt1.0', probability(every(['high', '>', 1]))],
  ['RiskAssessment?probability=sa1.0', probability(every(['high', '>', 1]))],
  ['RiskAssessment?probability=lt1.0', probability(every(['low', '<', 1]))],
  ['RiskAssessment?probability=eb1.0', probability(every(['low', '<', 1]))],
  ['RiskAssessment?probability=ge1.0', probability(every(['high', '>=', 1]))],
  ['RiskAssessment?probability=le1.0', probability(every(['low', '<=', 1]))],
  ['RiskAssessment?probability=ap100', probability(every(['low', '<=', 110.5], ['high', '>=', 89.5]))],
  // quantity
  ['Observation?value-quantity=5.4', quantity({ range: every(['low', '<=', 5.45], ['high', '>=', 5.35]) })],
  ['Observation?value-quantity=gt5|u|mg', quantity({ system: 'u', code: 'mg', range: every(['high', '>', 5]) })],
  ['Observation?value-quantity=gt5||mg', quantity({ code: 'mg', range: every(['high', '>', 5]) })],
  ['Observation?value-quantity=gt5|u|', quantity({ system: 'u', range: every(['high', '>', 5]) })],
  // uri
  ['Patient?_profile=http://a/B', uri('exact', 'http://a/B')],
  ['Patient?_profile:above=http://a/b', uri('above', 'http://a/b')],
  ['Patient?_profile:below=http://a', uri('below', 'http://a')],
  ['Patient?_profile:below=urn:a', { kind: 'nothing' }],
  ['Patient?_source=urn:a', value('Resource._source', { kind: 'uri', match: 'exact', uri: 'urn:a' })],
  // reference
  ['Observation?subject=1', reference('Observation.subject', { id: '1' })],
  ['Observation?subject=Patient/1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  ['Observation?subject:Patient=1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  ['Observation?subject:Patient=Patient/1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  [`Observation?subject=${base}/Patient/1`, reference('Observation.subject', { base: null, type: 'Patient', id: '1' })],
  [
    'Observation?subject=https://other/fhir/Patient/1',
    reference('Observation.subject', { base: 'https://other/fhir', type: 'Patient', id: '1' }),
  ],
  ['Observation?subject=patient/1', reference('Observation.subject', { id: 'patient/1' })],
  [
    'Observation?subject=a,Group/b',
    or(reference('Observation.subject', { id: 'a' }), reference('Observation.subject', { type: 'Group', id: 'b' })),
  ],
  // composite
  [
    'Observation?code-value-quantity=s|c$gt5||mg',
    {
      kind: 'composite',
      param: 'Observation.code-value-quantity',
      parts: [
        { kind: 'token', system: 's', code: 'c' },
        { kind: 'quantity', code: 'mg', range: every(['high', '>', 5]) },
      ],
    } as Condition,
  ],
  [
    'Observation?code-value-string=a%5C$b$X,c$Y',
    or(
      {
        kind: 'composite',
        param: 'Observation.code-value-string',
        parts: [
          { kind: 'token', code: 'a$b' },
          { kind: 'string', match: 'starts', folded: 'x' },
        ],
      },
      {
        kind: 'composite',
        param: 'Observation.code-value-string',
        parts: [
          { kind: 'token', code: 'c' },
          { kind: 'string', match: 'starts', folded: 'y' },
        ],
      },
    ),
  ],
  // columns
  ['Patient?_id=a,b', { kind: 'id', ids: ['a', 'b'] }],
  ['Patient?_id:missing=true', { kind: 'nothing' }],
  ['Patient?_lastUpdated:missing=false', { kind: 'and', of: [] }],
  ['Patient?_lastUpdated=gt2020', { kind: 'updated', range: every(['high', '>', yearHigh]) } as Condition],
  ['Patient?_type=Patient,Group', { kind: 'type', types: ['Patient', 'Group'] }],
  ['Patient?_type:not=Group', not({ kind: 'type', types: ['Group'] })],
  // chains
  [
    'Observation?subject:Patient.name:exact=A',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: value('Patient.name', { kind: 'string', match: 'exact', exact: 'A' }),
    },
  ],
  [
    'Observation?patient.birthdate=gt2020',
    {
      kind: 'chain',
      param: 'Observation.patient',
      types: ['Patient'],
      where: birthdate(every(['high', '>', yearHigh])),
    },
  ],
  [
    'Observation?subject.birthdate=gt2020',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: birthdate(every(['high', '>', yearHigh])),
    },
  ],
  [
    'Observation?subject:Patient.organization.name=a,b',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: {
        kind: 'chain',
        param: 'Patient.organization',
        types: ['Organization'],
        where: or(starts('Organization.name', 'a'), starts('Organization.name', 'b')),
      },
    },
  ],
  [
    'Patient?organization._id=x',
    { kind: 'chain', param: 'Patient.organization', types: ['Organization'], where: { kind: 'id', ids: ['x'] } },
  ],
  [
    'Patient?general-practitioner._tag=x',
    {
      kind: 'chain',
      param: 'Patient.general-practitioner',
      types: ['Organization', 'Practitioner', 'PractitionerRole'],
      where: token('Resource._tag', { code: 'x' }),
    },
  ],
  [
    'Patient?organization.name:missing=true',
    {
      kind: 'chain',
      param: 'Patient.organization',
      types: ['Organization'],
      where: not({ kind: 'present', param: 'Organization.name', of: 'string' }),
    },
  ],
  // _has
  [
    'Patient?_has:Observation:patient:code=c',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: token('Observation.code', { code: 'c' }),
    },
  ],
  [
    'Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=x',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: {
        kind: 'referenced-by',
        source: 'AuditEvent',
        param: 'AuditEvent.entity',
        where: starts('AuditEvent.agent-name', 'x'),
      },
    },
  ],
  [
    'Patient?_has:Observation:patient:performer:Organization.name=x',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: {
        kind: 'chain',
        param: 'Observation.performer',
        types: ['Organization'],
        where: starts('Organization.name', 'x'),
      },
    },
  ],
  [
    'Encounter?patient._has:Group:member:_id=g',
    {
      kind: 'chain',
      param: 'Encounter.patient',
      types: ['Patient'],
      where: { kind: 'referenced-by', source: 'Group', param: 'Group.member', where: { kind: 'id', ids: ['g'] } },
    },
  ],
];

describe('pairs become a query tree', () => {
  it.each(conditions)('%s', (address, expected) => {
    expect(where(address)).toEqual(expected);
  });

  it('without conditions has only types', () => {
    expect(parse('Patient?').query).toEqual<Query>({ types: ['Patient'], where: undefined, sort: [] });
    expect(parse('?').query).toEqual<Query>({ types: undefined, where: undefined, sort: [] });
  });
});

describe('a search over several types', () => {
  it.each<[address: string, query: Partial<Query>]>([
    ['?_type=Patient', { types: ['Patient'], where: undefined }],
    ['?_type=Patient&name=a', { types: ['Patient'], where: starts('Patient.name', 'a') }],
    ['?_type=Patient,Group&_tag=a', { types: ['Patient', 'Group'], where: token('Resource._tag', { code: 'a' }) }],
    ['?_type=Patient,Group&_type=Group,List', { types: ['Group'], where: undefined }],
    ['?_type=Patient&_type=Group', { types: undefined, where: { kind: 'nothing' } }],
    ['?_type=Nonsense', { types: undefined, where: { kind: 'nothing' } }],
    ['?_tag=a', { types: undefined, where: token('Resource._tag', { code: 'a' }) }],
    ['?_type:not=Patient', { types: undefined, where: not({ kind: 'type', types: ['Patient'] }) }],
    [
      '?_type=Condition,Procedure&patient=1',
      {
        types: ['Condition', 'Procedure'],
        where: or(
          and({ kind: 'type', types: ['Condition'] }, reference('Condition.patient', { id: '1' })),
          and({ kind: 'type', types: ['Procedure'] }, reference('Procedure.patient', { id: '1' })),
        ),
      },
    ],
  ])('%s', (address, query) => {
    expect(parse(address).query).toMatchObject(query);
  });

  it('warns of types in _type that do not exist', () => {
    expect(parse('?_type=Patient,Nonsense').issues).toEqual([
      {
        severity: 'warning',
        code: 'not-supported',
        diagnostics: "The resource type 'Nonsense' in _type is not supported.",
      },
    ]);
  });
});

describe('includes', () => {
  it.each<[address: string, includes: Include[]]>([
    ['Observation?_include=Observation:subject', [{ kind: 'include', param: 'Observation.subject' }]],
    [
      'Observation?_include=Observation:subject:Patient',
      [{ kind: 'include', param: 'Observation.subject', types: ['Patient'] }],
    ],
    [
      'Patient?_revinclude=Observation:subject',
      [{ kind: 'revinclude', source: 'Observation', param: 'Observation.subject' }],
    ],
    [
      'Appointment?_include=Appointment:*',
      ['actor', 'based-on', 'location', 'patient', 'practitioner', 'reason-reference', 'slot', 'supporting-info'].map(
        (code) => ({ kind: 'include', param: `Appointment.${code}` }) as Include,
      ),
    ],
    ['Slot?_include=*', [{ kind: 'include', param: 'Slot.schedule' }]],
    [
      'Slot?_revinclude=Appointment:*',
      ['slot', 'supporting-info'].map(
        (code) => ({ kind: 'revinclude', source: 'Appointment', param: `Appointment.${code}` }) as Include,
      ),
    ],
    ['Slot?_include=Slot:schedule&_include=Slot:*', [{ kind: 'include', param: 'Slot.schedule' }]],
  ])('%s', (address, includes) => {
    const key = (include: Include) => JSON.stringify(include);
    expect(parse(address).includes.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual(includes);
  });

  it('of everything that refers to a patient stay within their limit', () => {
    const { includes } = parse('Patient?_revinclude=*:*');
    expect(includes.length).toBeGreaterThan(100);
    expect(includes).toContainEqual({ kind: 'revinclude', source: 'Observation', param: 'Observation.patient' });
  });
});

describe('sort keys', () => {
  it.each<[address: string, sort: SortKey[]]>([
    ['Patient?_sort=_lastUpdated', [{ by: 'updated', descending: false }]],
    ['Patient?_sort=-_id', [{ by: 'id', descending: true }]],
    [
      'Patient?_sort=family,-birthdate',
      [
        { by: 'param', param: 'Patient.family', of: 'string', descending: false },
        { by: 'param', param: 'Patient.birthdate', of: 'date', descending: true },
      ],
    ],
    [
      '?_sort=_type,-_lastUpdated',
      [
        { by: 'type', descending: false },
        { by: 'updated', descending: true },
      ],
    ],
  ])('%s', (address, sort) => {
    expect(parse(address).query.sort).toEqual(sort);
  });
});

describe('result parameters', () => {
  it.each<[address: string, expected: Partial<SearchRequest>]>([
    ['Patient?', { count: 10, countOnly: false, total: 'none', subset: undefined, includesCount: 1000 }],
    ['Patient?_count=25&_total=accurate', { count: 25, total: 'accurate' }],
    ['Patient?_count=0', { countOnly: true }],
    ['Patient?_summary=count', { countOnly: true, subset: undefined }],
    ['Patient?_summary=true', { subset: { summary: 'true' } }],
    ['Patient?_summary=false&_elements=name,,id', { subset: { elements: ['name', 'id'] } }],
    ['Patient?ct=abc', { continuation: 'abc', accepted: [] }],
    ['Patient?_includesCount=5', { includesCount: 5 }],
  ])('%s', (address, expected) => {
    expect(parse(address)).toMatchObject(expected);
  });

  it('above a maximum are capped, and the answer says so', () => {
    const { count, issues } = parse('Patient?_count=1001');
    expect(count).toBe(1000);
    expect(issues).toEqual([
      { severity: 'information', code: 'informational', diagnostics: '_count is limited to 1000.' },
    ]);
  });
});

describe('what is not supported', () => {
  it.each([
    'foo=1',
    'constructor=1',
    '__proto__=1',
    'name=',
    'name=,',
    '_text=a',
    '_content=a',
    '_query=a',
    '_list=1',
    'name:exact=',
    'organization.foo=1',
    'link.foo=1',
    '_has:Observation:foo:code=1',
    '_has:Observation:patient:foo=1',
    '_include=Patient:name',
    '_include=Patient:foo',
    '_include:iterate=Patient:organization',
    '_sort=foo',
    '_sort=name,foo',
    '_sort=constructor',
    '_sort=',
  ])('is ignored with a warning, or refused when handling is strict: %s', (query) => {
    const { issues, accepted, query: tree } = parse(`Patient?${query}&active=true`);
    expect(tree).toEqual({ types: ['Patient'], where: token('Patient.active', { code: 'true' }), sort: [] });
    expect(accepted).toEqual([['active', 'true']]);
    expect(issues).toMatchObject([{ severity: 'warning', code: 'not-supported' }]);
    const error = errorOf(() => parse(`Patient?${query}`, true));
    expect(error).toMatchObject({ status: 400, issues: [{ severity: 'error', code: 'not-supported' }] });
  });

  it('is listed whole when handling is strict', () => {
    expect(errorOf(() => parse('Patient?foo=1&bar=2', true)).issues).toHaveLength(2);
  });

  it.each(['near=1', 'near:missing=true'])('of special parameters on a location: %s', (query) => {
    const run = () => parse(`Location?${query}`);
    if (query.includes(':')) expect(errorOf(run).status).toBe(403);
    else expect(run().issues).toHaveLength(1);
  });
});

describe('operations that AHDS does not offer are 403, whatever the handling', () => {
  it.each([
    'Patient?name:text=a',
    'Patient?name:foo=a',
    'Patient?name:=a',
    'Patient?name:exact:contains=a',
    'Patient?gender:in=http://vs',
    'Patient?gender:not-in=http://vs',
    'Patient?gender:above=a',
    'Patient?gender:below=a',
    'Patient?identifier:of-type=a|b|c',
    'Patient?birthdate:exact=2020',
    'Patient?birthdate:not=2020',
    'Patient?organization:identifier=a',
    'Patient?organization:above=a',
    'Patient?organization:contains=a',
    'Patient?organization:Patient=a',
    'Patient?organization:Nonsense=a',
    'Observation?subject:Patient=Group/1',
    'Observation?code-value-quantity:missing=true',
    'Observation?value-quantity:exact=1',
    'Patient?_profile:exact=a',
    'Patient?_id:not=a',
    'Patient?_lastUpdated:not=2020',
    'Patient?_type:missing=true',
    'Patient?name:missing=yes',
    'Patient?name:missing=TRUE',
    'Patient?_id:missing=1',
    'Patient?birthdate=gt2020,2021',
    'Patient?birthdate=2020,lt2021',
    'Patient?_lastUpdated=ge2020,ge2021',
    'RiskAssessment?probability=gt1,gt2',
    'Observation?subject.name=a',
    'Observation?subject.identifier=a',
    'Patient?name.family=a',
    'Observation?subject:Practitioner.name=a',
    'Observation?subject:nonsense.name=a',
    'Patient?_has:Observation=a',
    'Patient?_has:Observation:patient=a',
    'Patient?_has:Observation:patient:=a',
    'Patient?_has:Observation:code:code=a',
    'Organization?_has:Observation:patient:code=a',
    'Patient?_total=estimate',
    '?_include=Observation:subject',
  ])('%s', (address) => {
    expect(errorOf(() => parse(address))).toMatchObject({ status: 403, code: 'search-not-supported' });
    expect(errorOf(() => parse(address, true)).status).toBe(403);
  });
});

describe('bad values are 400', () => {
  it.each([
    'Patient?birthdate=x',
    'Patient?birthdate=2020-02-30',
    'Patient?birthdate=2020-13',
    'Patient?birthdate=2020-01-01T10',
    'Patient?birthdate=gtx',
    'Patient?birthdate=xx2020',
    'Patient?_lastUpdated=yesterday',
    'RiskAssessment?probability=x',
    'RiskAssessment?probability=1e999',
    'RiskAssessment?probability=gt',
    'Observation?value-quantity=x|u|c',
    'Observation?value-quantity=1|u|c|d',
    'Observation?value-quantity=|u|c',
    'Patient?identifier=a|b|c',
    'Patient?identifier=|',
    'Patient?name=%20',
    'Patient?name=%CC%81',
    'Observation?code:text=%20',
    'Observation?code-value-quantity=a',
    'Observation?code-value-quantity=a$',
    'Observation?code-value-quantity=a$1$2',
    'Observation?code-value-quantity=a$x',
    'Patient?_count=-1',
    'Patient?_count=x',
    'Patient?_count=',
    'Patient?_count=1.5',
    'Patient?_count=1&_count=2',
    'Patient?_includesCount=0',
    'Patient?_total=x',
    'Patient?_summary=x',
    'Patient?_elements=',
    'Patient?_elements=,',
    'Patient?_elements=name&_summary=true',
    'Patient?_sort=name&_sort=family',
    'Patient?_include=',
    'Patient?_include=Patient',
    'Patient?_include=Patient:organization:Organization:x',
    'Patient?_include=Nonsense:x',
    'Patient?_include=Patient:organization:Nonsense',
    'Patient?_include=Patient:organization:',
    'Patient?_revinclude=Nonsense:x',
    'Patient?_has:Nonsense:patient:code=a',
    '?_type=',
    '?name=a',
    '?_type=Patient,Observation&name=a',
    '?_type=Patient,Practitioner&active=true',
  ])('%s', (address) => {
    expect(errorOf(() => parse(address)).status).toBe(400);
  });
});

describe('a search is bounded', () => {
  const list = (length: number) => Array.from({ length }, (_, index) => `v${index}`).join(',');

  it('500 values of one parameter are taken', () => {
    expect(where(`Patient?identifier=${list(500)}`)).toMatchObject({ kind: 'or', of: { length: 500 } });
  });

  it.each<[what: string, address: string]>([
    ['501 values of one parameter', `Patient?identifier=${list(501)}`],
    ['501 ids', `Patient?_id=${list(501)}`],
    ['a million separators', `Patient?_id=a${','.repeat(1_000_000)}b`.replace(/,/g, ',x,')],
    [
      'many values in several parameters',
      `Patient?${'abcdef'.replace(/./g, (letter) => `identifier=${letter},${list(300)}&`)}`,
    ],
    ['101 parameters', `Patient?${Array.from({ length: 101 }, (_, index) => `name=${index}&`).join('')}`],
    ['chains of 11 links', `Patient?${'link:Patient.'.repeat(11)}name=a`],
    ['200 nested _has', `Patient?${'_has:Patient:link:'.repeat(200)}name=a`],
    ['values that many types multiply', `?_type=Condition,Procedure,Goal,Flag,List&patient=${list(400)}`],
  ])('%s are too costly', (_, address) => {
    expect(errorOf(() => parse(address))).toMatchObject({ status: 400, code: 'too-costly' });
  });

  it('chains of 10 links are taken', () => {
    expect(where(`Patient?${'link:Patient.'.repeat(10)}name=a`)).toMatchObject({ kind: 'chain' });
  });

  it('a very long value is one value', () => {
    const long = 'x'.repeat(1_000_000);
    expect(where(`Patient?name=${long}`)).toEqual(starts('Patient.name', long));
  });

  it('a million escapes take no time', () => {
    const started = performance.now();
    where(`Patient?identifier=${'%5C%5C'.repeat(500_000)}|${'%5C|'.repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('a chain through references to any type does not branch', () => {
    const started = performance.now();
    expect(errorOf(() => parse(`Provenance?target.${'item.'.repeat(8)}_id=x`)).status).toBeLessThan(500);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('the criteria of a conditional interaction', () => {
  const criteria = (query: string) =>
    parseCriteria({ definitions, type: 'Patient', pairs: [...new URLSearchParams(query)], base, now });

  it('are the search parameters; result parameters are not', () => {
    expect(criteria('name=a&_count=1&_sort=name&_include=Patient:organization&_summary=true')).toEqual({
      query: { types: ['Patient'], where: starts('Patient.name', 'a'), sort: [] },
      usable: 1,
    });
  });

  it.each(['', 'foo=1', 'name=', '_count=3&_total=none'])('with nothing usable say so: %s', (query) => {
    expect(criteria(query).usable).toBe(0);
  });

  it('with a bad value are refused like a search', () => {
    expect(errorOf(() => criteria('birthdate=x')).status).toBe(400);
    expect(errorOf(() => criteria('name:foo=x')).status).toBe(403);
  });
});
