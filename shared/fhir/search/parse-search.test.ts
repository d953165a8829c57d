/** The search compiler's front: what a request becomes besides the conditions of its parameters. */
import { describe, expect, it } from 'vitest';
import type { Include, Query, SortKey } from '../../stores/resources/query.ts';
import type { SearchRequest } from './parse-search.ts';
import { parse } from './testing/parsed-address.ts';
import { and, not, or, reference, starts, token } from './testing/tree.ts';

describe('a search of one type or of all', () => {
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
    const parsed = parse(address).includes.map(({ include }) => include);
    expect(parsed.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual(includes);
  });

  it('of everything that refers to a patient stay within their limit', () => {
    const includes = parse('Patient?_revinclude=*:*').includes.map(({ include }) => include);
    expect(includes.length).toBeGreaterThan(100);
    expect(includes).toContainEqual({ kind: 'revinclude', source: 'Observation', param: 'Observation.patient' });
  });

  it.each<[pair: string, iterate: boolean, circular: boolean]>([
    ['_include=Patient:organization', false, false],
    ['_include:iterate=Patient:organization', true, false],
    ['_include:recurse=Patient:organization', true, false],
    ['_include:iterate=Organization:partof', true, true],
    ['_revinclude:iterate=Organization:partof', true, true],
    ['_revinclude:iterate=CareTeam:participant:Patient', true, false],
    ['_include:iterate=CareTeam:participant:CareTeam', true, true],
  ])('%s iterates: %s, is circular: %s', (pair, iterate, circular) => {
    const { includes, issues } = parse(`Patient?${pair}`);
    expect(includes).toMatchObject([{ iterate, circular }]);
    expect(issues.map(({ severity }) => severity)).toEqual(circular ? ['information'] : []);
  });

  it('a wildcard that iterates backwards is ignored', () => {
    expect(parse('Patient?_revinclude:iterate=Observation:*')).toMatchObject({ includes: [], issues: [] });
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
