/** `_include`, `_revinclude`, `:iterate` and `$includes` on the wire. Rules: AHDS's IncludeSearch and IncludesOperation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
const to = (reference: string) => ({ reference });

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const request = { status: 'active', intent: 'order', medicationCodeableConcept: { text: 'x' } };
  const resources = [
    { resourceType: 'Organization', id: 'lab-c' },
    { resourceType: 'Organization', id: 'lab-b', partOf: to('Organization/lab-c') },
    { resourceType: 'Organization', id: 'lab-a', partOf: to('Organization/lab-b') },
    { resourceType: 'Organization', id: 'hospital' },
    { resourceType: 'Practitioner', id: 'anderson' },
    { resourceType: 'Practitioner', id: 'sanchez' },
    {
      resourceType: 'Patient',
      id: 'adams',
      birthDate: '1980',
      managingOrganization: to('Organization/hospital'),
      generalPractitioner: [to('Practitioner/anderson')],
    },
    {
      resourceType: 'Patient',
      id: 'smith',
      birthDate: '1970',
      name: [{ family: 'Smith' }],
      managingOrganization: to('Organization/hospital'),
      generalPractitioner: [to('Practitioner/sanchez')],
    },
    { resourceType: 'Patient', id: 'deleted-organization', managingOrganization: to('Organization/gone') },
    {
      resourceType: 'MedicationRequest',
      id: 'request-adams',
      ...request,
      subject: to('Patient/adams'),
      requester: to('Practitioner/anderson'),
    },
    {
      resourceType: 'MedicationRequest',
      id: 'request-smith',
      ...request,
      subject: to('Patient/smith'),
      requester: to('Practitioner/sanchez'),
    },
    {
      resourceType: 'MedicationDispense',
      id: 'dispense-adams',
      status: 'completed',
      medicationCodeableConcept: { text: 'x' },
      subject: to('Patient/adams'),
      authorizingPrescription: [to('MedicationRequest/request-adams')],
      performer: [{ actor: to('Practitioner/anderson') }],
    },
    {
      resourceType: 'MedicationDispense',
      id: 'dispense-smith',
      status: 'completed',
      medicationCodeableConcept: { text: 'x' },
      subject: to('Patient/smith'),
      authorizingPrescription: [to('MedicationRequest/request-smith')],
    },
    {
      resourceType: 'CareTeam',
      id: 'team',
      participant: [
        { member: to('Patient/adams') },
        { member: to('Organization/hospital') },
        { member: to('Practitioner/sanchez') },
      ],
    },
    { resourceType: 'Group', id: 'group', type: 'person', actual: true, member: [{ entity: to('Patient/adams') }] },
    ...['1', '2', '3', '4', '5'].map((id) => ({
      resourceType: 'Observation',
      id: `o${id}`,
      status: 'final',
      code: { coding: [{ code: 'c' }] },
      subject: to(id === '5' ? 'Patient/smith' : 'Patient/adams'),
    })),
    { resourceType: 'Organization', id: 'gone' },
  ];
  for (const resource of resources) {
    const { status, body } = await send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    expect(status, JSON.stringify(body)).toBe(201);
  }
  await send('DELETE', '/Organization/gone');
});
afterAll(() => server.stop());

type Entry = { resource: { resourceType: string; id: string; issue?: Issue[] }; search: { mode: string } };
type Issue = { severity: string; code: string };
const entriesOf = ({ body }: FhirAnswer, mode: string): string[] =>
  (body.entry ?? [])
    .filter((entry: Entry) => entry.search.mode === mode)
    .map(({ resource }: Entry) => `${resource.resourceType}/${resource.id}`);
const issuesOf = ({ body }: FhirAnswer): string[] =>
  (body.entry ?? []).flatMap(({ resource }: Entry) =>
    (resource.issue ?? []).map(({ severity, code }) => `${severity} ${code}`),
  );
const linkOf = ({ body }: FhirAnswer, relation: string): string | undefined =>
  body.link.find((link: { relation: string }) => link.relation === relation)?.url;
const follow = (url: string | undefined) => send('GET', (url ?? '/none').slice(`${server.url}/fhir`.length));
const sorted = (names: string) => names.split(' ').filter(Boolean).sort();

describe('IncludeSearch: what is included', () => {
  it.each<[address: string, matches: string, included: string]>([
    ['/Patient?_id=adams&_include=Patient:organization', 'Patient/adams', 'Organization/hospital'],
    ['/Patient?_id=adams&_include=Patient:organization:Organization', 'Patient/adams', 'Organization/hospital'],
    ['/CareTeam?_include=CareTeam:participant:Patient', 'CareTeam/team', 'Patient/adams'],
    ['/CareTeam?_include=CareTeam:participant:Device', 'CareTeam/team', ''],
    ['/CareTeam?_include=CareTeam:*', 'CareTeam/team', 'Organization/hospital Patient/adams Practitioner/sanchez'],
    ['/CareTeam?_include=*:*', 'CareTeam/team', 'Organization/hospital Patient/adams Practitioner/sanchez'],
    ['/Patient?_id=smith&_revinclude=Observation:patient', 'Patient/smith', 'Observation/o5'],
    ['/Patient?_id=smith&_revinclude=Observation:subject:Patient', 'Patient/smith', 'Observation/o5'],
    ['/Patient?_id=smith&_revinclude=Observation:subject:Group', 'Patient/smith', ''],
    [
      '/Patient?_id=smith&_revinclude=*:*',
      'Patient/smith',
      'MedicationRequest/request-smith MedicationDispense/dispense-smith Observation/o5',
    ],
    ['/Patient?_id=deleted-organization&_include=Patient:organization', 'Patient/deleted-organization', ''],
    ['/Patient?_id=none&_include=Patient:organization', '', ''],
    [
      '/Organization?_id=lab-a,lab-b&_include=Organization:partof',
      'Organization/lab-a Organization/lab-b',
      'Organization/lab-c',
    ],
    ['/Observation?subject:Patient.family=smith&_include=Observation:subject', 'Observation/o5', 'Patient/smith'],
    [
      '/Patient?_has:Group:member:_id=group&_include=Patient:general-practitioner',
      'Patient/adams',
      'Practitioner/anderson',
    ],
    ['/Patient/smith/Observation?_include=Observation:subject', 'Observation/o5', 'Patient/smith'],
    ['?_type=CareTeam&_include=CareTeam:participant:Practitioner', 'CareTeam/team', 'Practitioner/sanchez'],
    ['/Patient?_id=adams&_include=Observation:subject', 'Patient/adams', ''],
  ])('%s', async (address, matches, included) => {
    const answer = await send('GET', address);
    expect(entriesOf(answer, 'match').sort()).toEqual(sorted(matches));
    expect(entriesOf(answer, 'include').sort()).toEqual(sorted(included));
    expect(issuesOf(answer)).toEqual([]);
  });

  it('a match is never repeated, an included resource stands once, the total counts matches only', async () => {
    const answer = await send(
      'GET',
      '/MedicationRequest?_include=MedicationRequest:*&_include=MedicationRequest:subject&_total=accurate',
    );
    const all = [...entriesOf(answer, 'match'), ...entriesOf(answer, 'include')];
    expect(new Set(all).size).toBe(all.length);
    expect(answer.body.total).toBe(2);
  });

  it('the current version is included, whatever the reference meant', async () => {
    await send('PUT', '/Practitioner/anderson', { resourceType: 'Practitioner', id: 'anderson', active: true });
    const { body } = await send('GET', '/Patient?_id=adams&_include=Patient:general-practitioner');
    expect(body.entry[1].resource).toMatchObject({ id: 'anderson', active: true, meta: { versionId: '2' } });
  });

  it('matches stay sorted and paged; a page has the included resources of its own matches', async () => {
    const first = await send(
      'GET',
      '/Patient?_id=adams,smith&_sort=birthdate&_count=1&_include=Patient:general-practitioner',
    );
    expect([entriesOf(first, 'match'), entriesOf(first, 'include')]).toEqual([
      ['Patient/smith'],
      ['Practitioner/sanchez'],
    ]);
    const second = await follow(linkOf(first, 'next'));
    expect([entriesOf(second, 'match'), entriesOf(second, 'include')]).toEqual([
      ['Patient/adams'],
      ['Practitioner/anderson'],
    ]);
  });

  it('_summary and _elements shape included resources too; _summary=count includes nothing', async () => {
    const { body } = await send('GET', '/Patient?_id=adams&_include=Patient:organization&_elements=id');
    expect(body.entry.map(({ resource }: Entry) => Object.keys(resource))).toEqual([
      ['resourceType', 'id', 'meta'],
      ['resourceType', 'id', 'meta'],
    ]);
    const counted = await send('GET', '/Patient?_summary=count&_include=Patient:organization');
    expect([counted.body.total, counted.body.entry]).toEqual([3, undefined]);
  });

  it('POST _search includes as GET does', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await send('POST', '/Patient/_search?_id=adams', '_include=Patient:organization', form);
    expect(entriesOf(answer, 'include')).toEqual(['Organization/hospital']);
    expect(linkOf(answer, 'self')).toBe(`${server.url}/fhir/Patient?_id=adams&_include=Patient:organization`);
  });
});

describe('IncludeSearch: iterate', () => {
  const patients = 'Patient/adams Patient/smith';
  const dispenses = 'MedicationDispense/dispense-adams MedicationDispense/dispense-smith';
  const requests = 'MedicationRequest/request-adams MedicationRequest/request-smith';
  const practitioners = 'Practitioner/anderson Practitioner/sanchez';

  it.each<[address: string, included: string]>([
    [
      '/MedicationDispense?_include=MedicationDispense:prescription&_include:iterate=MedicationRequest:patient',
      `${requests} ${patients}`,
    ],
    [
      '/MedicationDispense?_include=MedicationDispense:prescription&_include:recurse=MedicationRequest:patient',
      `${requests} ${patients}`,
    ],
    [
      '/MedicationDispense?_id=dispense-adams&_include=MedicationDispense:prescription&_include:iterate=MedicationRequest:patient',
      'MedicationRequest/request-adams Patient/adams',
    ],
    [
      '/MedicationDispense?_include:iterate=Patient:organization&_include:iterate=Patient:general-practitioner&_include:iterate=MedicationRequest:patient&_include=MedicationDispense:prescription',
      `${requests} ${patients} ${practitioners} Organization/hospital`,
    ],
    [
      '/MedicationRequest?_include=MedicationRequest:patient&_include:iterate=Patient:*',
      `${patients} ${practitioners} Organization/hospital`,
    ],
    [
      '/CareTeam?_include=CareTeam:participant:Patient&_include:iterate=Patient:general-practitioner',
      'Patient/adams Practitioner/anderson',
    ],
    [
      '/Patient?_id=adams,smith&_revinclude=MedicationRequest:patient&_revinclude:iterate=MedicationDispense:prescription',
      `${requests} ${dispenses}`,
    ],
    [
      '/Practitioner?_revinclude:iterate=MedicationDispense:prescription&_revinclude:iterate=MedicationRequest:subject:Patient&_revinclude=Patient:general-practitioner',
      `${patients} ${requests} ${dispenses}`,
    ],
    [
      '/Practitioner?_revinclude:iterate=CareTeam:participant:Patient&_revinclude=Patient:general-practitioner',
      `${patients} CareTeam/team`,
    ],
    [
      '/MedicationDispense?_id=dispense-adams&_include=MedicationDispense:performer:Practitioner&_revinclude:iterate=Patient:general-practitioner:Practitioner',
      'Practitioner/anderson Patient/adams',
    ],
    ['/Practitioner?_revinclude:iterate=MedicationRequest:*&_revinclude=Patient:general-practitioner', patients],
  ])('%s', async (address, included) => {
    const answer = await send('GET', address);
    expect(answer.status).toBe(200);
    expect(entriesOf(answer, 'include').sort()).toEqual(sorted(included));
    expect(issuesOf(answer)).toEqual([]);
  });

  it.each([
    ['/Organization?_id=lab-a&_include:iterate=Organization:partof', 'Organization/lab-b'],
    ['/Organization?_id=lab-c&_revinclude:iterate=Organization:partof', 'Organization/lab-b'],
  ])('a circular one is applied once more, and the answer says so: %s', async (address, included) => {
    const answer = await send('GET', address);
    expect(entriesOf(answer, 'include')).toEqual([included]);
    expect(issuesOf(answer)).toEqual(['information informational']);
  });

  it('is not paged when it is cut off: a warning and no link', async () => {
    const answer = await send(
      'GET',
      '/MedicationDispense?_include=MedicationDispense:prescription&_include:iterate=MedicationRequest:patient&_includesCount=3',
    );
    expect(entriesOf(answer, 'include')).toHaveLength(3);
    expect(issuesOf(answer)).toEqual(['warning incomplete']);
    expect(linkOf(answer, 'related')).toBeUndefined();
  });

  it('exactly as many as a page may hold are not cut off', async () => {
    const answer = await send(
      'GET',
      '/MedicationDispense?_include=MedicationDispense:prescription&_include:iterate=MedicationRequest:patient&_includesCount=4',
    );
    expect(entriesOf(answer, 'include')).toHaveLength(4);
    expect(issuesOf(answer)).toEqual([]);
  });
});

describe('IncludeSearch: what is refused or told', () => {
  it.each<[address: string, status: number, issue: string]>([
    ['/Patient?_include=Patient:family', 400, 'invalid'],
    ['/Patient?_include=Observation:subject:NotAResourceType', 400, 'not-supported'],
    ['/Patient?_revinclude=Observation:subject:NotAResourceType', 400, 'not-supported'],
    ['/Patient?_include=Observation:subject:', 400, 'invalid'],
    ['/Patient?_include=Observation:subject:%20%20%20', 400, 'invalid'],
    ['/Patient?_revinclude=Observation:subject:', 400, 'invalid'],
    ['/Patient?_revinclude=Observation:subject:%20', 400, 'invalid'],
    ['/Patient?_include:iterate=Nonsense:subject', 400, 'not-supported'],
    ['/Practitioner?_revinclude:iterate=Patient:general-practitioner', 400, 'invalid'],
    ['?_include=DomainResource:subject', 403, 'forbidden'],
    ['/Patient?_includesCount=0', 400, 'invalid'],
    ['/Patient?_includesCount=x', 400, 'invalid'],
    ['/Patient?_revinclude=*:*&_include:iterate=*:*&_revinclude:iterate=*:*&_include=a', 400, 'invalid'],
  ])('%s is %i %s', async (address, status, issue) => {
    const answer = await send('GET', address);
    expect([answer.status, answer.issue]).toEqual([status, issue]);
  });

  it('_includesCount above the maximum is capped', async () => {
    expect(issuesOf(await send('GET', '/Patient?_includesCount=1001'))).toEqual(['information informational']);
  });

  it('an unknown parameter is ignored with a warning, and not in the self link', async () => {
    const answer = await send('GET', '/Patient?_id=adams&_include=Patient:nonsense');
    expect(issuesOf(answer)).toEqual(['warning not-supported']);
    expect(linkOf(answer, 'self')).toBe(`${server.url}/fhir/Patient?_id=adams`);
    const strict = await send('GET', '/Patient?_include=Patient:nonsense', undefined, { Prefer: 'handling=strict' });
    expect(strict.status).toBe(400);
  });
});

describe('IncludesOperation: the included resources that did not fit', () => {
  /** All included resources of the first page of a search, page by page. */
  async function pagesOf(address: string): Promise<string[][]> {
    let answer = await send('GET', address);
    const pages = [entriesOf(answer, 'include')];
    for (let url = linkOf(answer, 'related'); url !== undefined; url = linkOf(answer, 'next')) {
      answer = await follow(url);
      expect(answer.status).toBe(200);
      expect(linkOf(answer, 'self')).toBe(url);
      expect(linkOf(answer, 'related')).toBeUndefined();
      expect(entriesOf(answer, 'match')).toEqual([]);
      expect(issuesOf(answer)).toEqual([]);
      pages.push(entriesOf(answer, 'include'));
    }
    return pages;
  }

  it.each<[query: string, pages: string[][]]>([
    [
      '_id=adams&_revinclude=Observation:subject&_includesCount=2',
      [
        ['o1', 'o2'],
        ['o3', 'o4'],
      ],
    ],
    ['_id=adams&_revinclude=Observation:subject&_includesCount=3', [['o1', 'o2', 'o3'], ['o4']]],
    ['_id=adams&_revinclude=Observation:subject&_includesCount=4', [['o1', 'o2', 'o3', 'o4']]],
    [
      '_id=adams,smith&_revinclude=Observation:subject&_include=Patient:organization&_includesCount=1',
      [['hospital'], ['o1'], ['o2'], ['o3'], ['o4'], ['o5']],
    ],
  ])('/Patient?%s', async (query, pages) => {
    const found = await pagesOf(`/Patient?${query}`);
    expect(found.map((page) => page.map((name) => name.split('/')[1]))).toEqual(pages);
  });

  it('the search says that they are cut off and leads to the operation', async () => {
    const answer = await send('GET', '/Patient?_id=adams&_revinclude=Observation:subject&_includesCount=2&foo=1');
    expect(issuesOf(answer)).toEqual(['warning not-supported', 'warning incomplete']);
    const expected = `${server.url}/fhir/Patient/$includes?_id=adams&_revinclude=Observation:subject&_includesCount=2&includesCt=`;
    expect(linkOf(answer, 'related')?.slice(0, expected.length)).toBe(expected);
  });

  it('those of a later page of matches are theirs', async () => {
    const first = await send(
      'GET',
      '/Patient?_count=1&_sort=-birthdate&_revinclude=Observation:subject&_includesCount=2',
    );
    expect(entriesOf(first, 'match')).toEqual(['Patient/adams']);
    const related = await follow(linkOf(first, 'related'));
    expect(entriesOf(related, 'include')).toEqual(['Observation/o3', 'Observation/o4']);
    const second = await follow(linkOf(first, 'next'));
    expect([entriesOf(second, 'match'), linkOf(second, 'related')]).toEqual([['Patient/smith'], undefined]);
    const sameSize = '_count=1&_sort=birthdate&_id=adams,smith&_revinclude=Observation:subject&_includesCount=1';
    const later = await follow(linkOf(await send('GET', `/Patient?${sameSize}`), 'next'));
    const rest = await follow(linkOf(later, 'related'));
    expect(entriesOf(rest, 'include')).toEqual(['Observation/o2']);
  });

  it('without includesCt, or with one that is not of this search, is 400', async () => {
    const related =
      linkOf(await send('GET', '/Patient?_id=adams&_revinclude=Observation:subject&_includesCount=2'), 'related') ?? '';
    const address = related.slice(`${server.url}/fhir`.length);
    expect((await send('GET', '/Patient/$includes?_id=adams')).status).toBe(400);
    for (const bad of [
      address.replace('_id=adams', '_id=smith'),
      address.replace('_includesCount=2', '_includesCount=1'),
      address.replace('Patient/$includes', 'Observation/$includes'),
      `${address}x`,
      address.replace('/$includes', '').replace('includesCt=', 'ct='),
    ]) {
      expect((await send('GET', bad)).status, bad).toBe(400);
    }
  });

  it('includesCt on a search is ignored with an information', async () => {
    const answer = await send('GET', '/Patient?_id=adams&includesCt=abc');
    expect([answer.status, issuesOf(answer)]).toEqual([200, ['information informational']]);
    expect(linkOf(answer, 'self')).toBe(`${server.url}/fhir/Patient?_id=adams`);
  });

  it('a search in a compartment has no such operation: it warns only', async () => {
    const answer = await send('GET', '/Patient/adams/MedicationRequest?_include=MedicationRequest:*&_includesCount=1');
    expect([issuesOf(answer), linkOf(answer, 'related')]).toEqual([['warning incomplete'], undefined]);
  });
});
