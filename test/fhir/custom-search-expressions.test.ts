/** What custom search parameters of every type find, by paths and by the FHIRPath engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';
import { finished, idsOf, parameterOf, searchParameter } from './reindexing.ts';

const vocabulary = 'http://example.org/ext';
const url = (name: string) => `http://example.org/sp/${name}`;
const extension = (name: string) => `extension('${vocabulary}/${name}').value`;

/** One parameter, one search by it and the ids that it finds. */
type Row = [code: string, definition: object, search: string, ids: string[]];
const rows: Row[] = [
  ['x-string', { type: 'string', expression: `Patient.${extension('text')} as string` }, 'Patient?x-string=bl', ['a']],
  [
    'x-exact',
    { type: 'string', expression: `(Patient.${extension('text')} as string)` },
    'Patient?x-exact:exact=Blue',
    ['a'],
  ],
  [
    'x-token',
    { type: 'token', expression: `Patient.${extension('code')}.ofType(Coding)` },
    'Patient?x-token=http://s|1',
    ['a'],
  ],
  [
    'x-any',
    { type: 'token', expression: `Patient.extension.where(url = '${vocabulary}/code').value` },
    'Patient?x-any=1',
    ['a'],
  ],
  [
    'x-nested',
    { type: 'token', expression: `Patient.extension('${vocabulary}/outer').extension.value.code` },
    'Patient?x-nested=in',
    ['b'],
  ],
  ['x-date', { type: 'date', expression: `Patient.${extension('when')}.ofType(date)` }, 'Patient?x-date=ge2020', ['a']],
  [
    'x-number',
    { type: 'number', expression: `Patient.${extension('count')}.ofType(integer)` },
    'Patient?x-number=gt2',
    ['b'],
  ],
  [
    'x-quantity',
    { type: 'quantity', expression: `Patient.${extension('weight')}.ofType(Quantity)` },
    'Patient?x-quantity=gt70||kg',
    ['b'],
  ],
  [
    'x-uri',
    { type: 'uri', expression: `Patient.${extension('link')}.ofType(uri)` },
    'Patient?x-uri:below=http://links',
    ['a'],
  ],
  [
    'x-reference',
    { type: 'reference', target: ['Organization'], expression: `Patient.${extension('home')}.ofType(Reference)` },
    'Patient?x-reference:Organization.name=clinic',
    ['a'],
  ],
  [
    'x-union',
    { type: 'string', expression: 'Patient.name.family | Patient.contact.name.family' },
    'Patient?x-union=muster',
    ['a', 'b'],
  ],
  [
    'x-resolve',
    { type: 'reference', expression: 'Patient.generalPractitioner.where(resolve() is Practitioner)' },
    'Patient?x-resolve=Practitioner/p',
    ['b'],
  ],
  [
    'x-resolve-two',
    {
      type: 'reference',
      expression: 'Patient.generalPractitioner.where(resolve() is Practitioner or resolve() is Organization)',
    },
    'Patient?x-resolve-two=Organization/org',
    ['a'],
  ],
  ['x-first', { type: 'string', expression: 'Patient.name.given.first()' }, 'Patient?x-first=anna', ['a']],
  ['x-exists', { type: 'token', expression: 'Patient.contact.exists()' }, 'Patient?x-exists=true', ['b']],
  [
    'x-and',
    { type: 'string', expression: "Patient.name.where(use = 'official' and family.exists()).given" },
    'Patient?x-and=anna',
    ['a'],
  ],
  [
    'x-or',
    {
      type: 'string',
      expression: "Patient.telecom.where(system = 'phone' or (system = 'email' and use = 'work')).value",
    },
    'Patient?x-or=a@b',
    ['b'],
  ],
  ['x-index', { type: 'string', expression: 'Patient.name[0].given[1]' }, 'Patient?x-index=maria', ['a']],
  [
    'x-code',
    { type: 'token', expression: 'Patient.contact.where(name.exists()).gender' },
    'Patient?x-code=http://hl7.org/fhir/administrative-gender|female',
    ['b'],
  ],
  [
    'x-shared',
    { type: 'token', base: ['DomainResource'], expression: `DomainResource.${extension('site')}.ofType(code)` },
    'Organization?x-shared=north',
    ['org'],
  ],
  [
    'x-resource',
    { type: 'token', base: ['Resource'], expression: 'Resource.language' },
    'Organization?x-resource=de',
    ['org'],
  ],
  [
    'x-several',
    {
      type: 'string',
      base: ['Patient', 'Organization'],
      expression: 'Patient.address.district | Organization.address.district',
    },
    'Organization?x-several=west',
    ['org'],
  ],
  [
    'x-composite',
    {
      type: 'composite',
      base: ['Patient'],
      expression: 'Patient.telecom',
      component: [
        { definition: url('x-system'), expression: 'system' },
        { definition: url('x-value'), expression: 'value' },
      ],
    },
    'Patient?x-composite=email$a@b',
    ['b'],
  ],
];

const patients = [
  {
    resourceType: 'Patient',
    id: 'a',
    extension: [
      { url: `${vocabulary}/text`, valueString: 'Blue' },
      { url: `${vocabulary}/code`, valueCoding: { system: 'http://s', code: '1' } },
      { url: `${vocabulary}/when`, valueDate: '2020-05-01' },
      { url: `${vocabulary}/count`, valueInteger: 2 },
      { url: `${vocabulary}/weight`, valueQuantity: { value: 70, code: 'kg' } },
      { url: `${vocabulary}/link`, valueUri: 'http://links/one' },
      { url: `${vocabulary}/home`, valueReference: { reference: 'Organization/org' } },
    ],
    name: [{ use: 'official', family: 'Muster', given: ['Anna', 'Maria'] }, { given: ['Nan'] }],
    telecom: [
      { system: 'email', use: 'home', value: 'a@b' },
      { system: 'fax', value: '1' },
    ],
    generalPractitioner: [{ reference: 'Organization/org' }],
  },
  {
    resourceType: 'Patient',
    id: 'b',
    extension: [
      { url: `${vocabulary}/outer`, extension: [{ url: 'inner', valueCoding: { code: 'in' } }] },
      { url: `${vocabulary}/when`, valueDate: '2019' },
      { url: `${vocabulary}/count`, valueInteger: 3 },
      { url: `${vocabulary}/weight`, valueQuantity: { value: 70.5, code: 'kg' } },
    ],
    name: [{ use: 'usual', given: ['Nan', 'Anna'] }],
    telecom: [{ system: 'email', use: 'work', value: 'a@b' }],
    contact: [{ name: { family: 'Muster' }, gender: 'female' }],
    generalPractitioner: [{ reference: 'Practitioner/p' }],
  },
];
const organization = {
  resourceType: 'Organization',
  id: 'org',
  language: 'de',
  name: 'Clinic',
  extension: [{ url: `${vocabulary}/site`, valueCode: 'north' }],
  address: [{ district: 'West' }],
};

describe('CustomSearchParam: expressions', () => {
  let server: LocalServer;
  let send: Send;
  beforeAll(async () => {
    server = await startLocalServer();
    send = fhirRequests(`${server.url}/fhir`);
    // The telecom of patient a is not b's only because system and value stand together there.
    patients[0]?.telecom.splice(
      0,
      1,
      { system: 'phone', use: 'home', value: 'x' },
      { system: 'email', use: 'home', value: 'c' },
    );
    for (const resource of [organization, ...patients]) {
      expect((await send('PUT', `/${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
    }
    const parts = [
      searchParameter(url('x-system'), 'x-system', { type: 'token', expression: 'Patient.telecom.system' }),
      searchParameter(url('x-value'), 'x-value', { type: 'string', expression: 'Patient.telecom.value' }),
    ];
    const all = [...parts, ...rows.map(([code, more]) => searchParameter(url(code), code, more))];
    for (const definition of all) {
      const { status, body } = await send('POST', '/SearchParameter', definition);
      expect([definition.code, status, body.issue]).toEqual([definition.code, 201, undefined]);
    }
    const job = await finished(send, await send('POST', '/$reindex', { resourceType: 'Parameters' }));
    expect(parameterOf(job, 'status')).toBe('Completed');
  });
  afterAll(() => server.stop());

  it.each(rows)('%s', async (_code, _definition, search, ids) => {
    const answer = await send('GET', `/${search}`, undefined, { Prefer: 'handling=strict' });
    expect([answer.status, idsOf(answer)]).toEqual([200, ids]);
  });

  it('take part in _sort, _include, _revinclude and _has', async () => {
    const strict = { Prefer: 'handling=strict' };
    const found = async (search: string) => {
      const { body } = await send('GET', search, undefined, strict);
      return body.entry.map(({ resource }: { resource: { id: string } }) => resource.id);
    };
    expect(await found('/Patient?x-number:missing=false&_sort=-x-date')).toEqual(['a', 'b']);
    expect(await found('/Patient?x-number:missing=false&_sort=x-date')).toEqual(['b', 'a']);
    expect(await found('/Patient?_id=a&_include=Patient:x-reference')).toEqual(['a', 'org']);
    expect(await found('/Organization?_id=org&_revinclude=Patient:x-reference')).toEqual(['org', 'a']);
    expect(await found('/Organization?_has:Patient:x-reference:x-string=blue')).toEqual(['org']);
  });

  it('find the same in what is written afterwards as in what the reindex went through', async () => {
    for (const patient of patients) {
      await send('PUT', `/Patient/${patient.id}2`, { ...patient, id: `${patient.id}2` });
    }
    for (const [code, , search, ids] of rows) {
      if (!search.startsWith('Patient')) continue;
      const both = ids.flatMap((id) => [id, `${id}2`]).sort();
      expect([code, idsOf(await send('GET', `/${search}`))]).toEqual([code, both]);
    }
  });

  it('a system search knows those that every type shares', async () => {
    expect(idsOf(await send('GET', '?x-resource=de', undefined, { Prefer: 'handling=strict' }))).toEqual(['org']);
  });

  it('GET of one resource shows its values without writing, POST writes them', async () => {
    const shown = await send('GET', '/Patient/a/$reindex');
    expect(shown.status).toBe(200);
    expect(parameterOf(shown, 'x-token')).toBe('http://s|1');
    expect(parameterOf(shown, 'x-string')).toBe('Blue');
    const written = await send('POST', '/Patient/a/$reindex');
    expect([written.status, written.body.parameter]).toEqual([200, shown.body.parameter]);
    expect((await send('GET', '/Patient/a')).body.meta.versionId).toBe('1');
    expect((await send('GET', '/Patient/absent/$reindex')).status).toBe(404);
  });
});
