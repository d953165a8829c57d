/** Patch on the wire: FHIR R4 3.1.0.5 as AHDS answers it. The patch languages themselves: `shared/fhir/patch/`. */
import { readFileSync } from 'node:fs';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let base: string;
beforeAll(async () => {
  server = await startLocalServer();
  base = `${server.url}/fhir`;
  send = fhirRequests(base);
});
afterAll(() => server.stop());

let count = 0;
/** A new patient; its id. */
async function created(more: object = {}): Promise<string> {
  count += 1;
  const { body } = await send('POST', '/Patient', {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:patch', value: `p${count}` }],
    gender: 'female',
    birthDate: '1990-01-01',
    ...more,
  });
  return body.id;
}

const jsonType = { 'Content-Type': 'application/json-patch+json' };
const patchJson = (id: string, operations: unknown, headers: Record<string, string> = {}) =>
  send('PATCH', `/Patient/${id}`, JSON.stringify(operations), { ...jsonType, ...headers });
const replaceGender = [{ op: 'replace', path: '/gender', value: 'male' }];

const parameters = (...operations: Record<string, unknown>[]) => ({
  resourceType: 'Parameters',
  parameter: operations.map((parts) => ({
    name: 'operation',
    part: Object.entries(parts).map(([name, value]) => ({ name, ...(value as object) })),
  })),
});
const code = (valueCode: string) => ({ valueCode });
const string = (valueString: string) => ({ valueString });
const operation = (type: string, path: string, more: object = {}) => ({
  type: code(type),
  path: string(path),
  ...more,
});
const patchFhir = (id: string, ...operations: Record<string, unknown>[]) =>
  send('PATCH', `/Patient/${id}`, parameters(...operations));

describe('JsonPatch: a patch with application/json-patch+json', () => {
  it('makes a new version: 200 with body, ETag and Last-Modified; history shows PATCH', async () => {
    const id = await created();
    const { status, headers, body } = await patchJson(id, replaceGender);
    expect([status, headers.get('etag'), body.gender, body.meta.versionId]).toEqual([200, 'W/"2"', 'male', '2']);
    expect(headers.get('last-modified')).toBeTruthy();
    const history = await send('GET', `/Patient/${id}/_history`);
    expect(history.body.entry.map((each: { request: object }) => each.request)).toEqual([
      { method: 'PATCH', url: `Patient/${id}` },
      { method: 'POST', url: 'Patient/' },
    ]);
    expect((await send('GET', `/Patient?_id=${id}&gender=male`)).body.entry.length).toBe(1);
  });

  it('add, remove, move, copy and test', async () => {
    const id = await created({ name: [{ given: ['A', 'B'] }] });
    const { status, body } = await patchJson(id, [
      { op: 'test', path: '/gender', value: 'female' },
      { op: 'add', path: '/name/0/family', value: 'F' },
      { op: 'copy', from: '/name/0', path: '/name/-' },
      { op: 'move', from: '/name/1/given/1', path: '/name/1/given/0' },
      { op: 'remove', path: '/birthDate' },
    ]);
    expect(status).toBe(200);
    expect(body.name).toEqual([
      { given: ['A', 'B'], family: 'F' },
      { given: ['B', 'A'], family: 'F' },
    ]);
    expect(body.birthDate).toBeUndefined();
  });

  it('the last item of a list is removed with its list', async () => {
    const id = await created({ name: [{ text: 'x' }] });
    const { status, body } = await patchJson(id, [{ op: 'remove', path: '/name/0' }]);
    expect([status, body.name]).toEqual([200, undefined]);
  });

  it('numbers keep their digits', async () => {
    const { body } = await send('POST', '/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
    });
    const value = '[{"op":"add","path":"/valueQuantity","value":{"value":1.500}}]';
    await send('PATCH', `/Observation/${body.id}`, value, jsonType);
    const unit = '[{"op":"add","path":"/valueQuantity/unit","value":"mg"}]';
    await send('PATCH', `/Observation/${body.id}`, unit, jsonType);
    const text = await (await fetch(`${base}/Observation/${body.id}`)).text();
    expect(text).toContain('"valueQuantity":{"value":1.500,"unit":"mg"}');
  });

  it('that changes nothing makes no version', async () => {
    const id = await created();
    const { status, headers } = await patchJson(id, [{ op: 'replace', path: '/gender', value: 'female' }]);
    expect([status, headers.get('etag')]).toEqual([200, 'W/"1"']);
  });

  it.each([
    ['a path that is not there', [{ op: 'remove', path: '/maritalStatus' }]],
    ['an index behind the end', [{ op: 'add', path: '/identifier/5', value: {} }]],
    ['a test that fails', [{ op: 'test', path: '/gender', value: 'male' }]],
    ['a value of the wrong type', [{ op: 'replace', path: '/birthDate', value: true }]],
    ['an invalid code', [{ op: 'replace', path: '/gender', value: 'purple' }]],
    ['an invalid date', [{ op: 'replace', path: '/birthDate', value: '2023-02-30' }]],
    ['an unknown element', [{ op: 'add', path: '/colour', value: 'red' }]],
    ['an empty list', [{ op: 'add', path: '/name', value: [] }]],
    [
      'a second type of a choice',
      [
        { op: 'add', path: '/deceasedBoolean', value: false },
        { op: 'add', path: '/deceasedDateTime', value: '2020' },
      ],
    ],
    ['another resource', [{ op: 'replace', path: '', value: { resourceType: 'Basic' } }]],
    ['another resource type', [{ op: 'replace', path: '/resourceType', value: 'Person' }]],
    ['the id', [{ op: 'replace', path: '/id', value: 'other' }]],
    ['no id', [{ op: 'remove', path: '/id' }]],
    ['meta.versionId', [{ op: 'replace', path: '/meta/versionId', value: '9' }]],
    ['meta.lastUpdated', [{ op: 'replace', path: '/meta/lastUpdated', value: '2020-01-01T00:00:00Z' }]],
    ['meta as a whole', [{ op: 'remove', path: '/meta' }]],
    ['text.div', [{ op: 'replace', path: '/text/div', value: '<div xmlns="http://www.w3.org/1999/xhtml">b</div>' }]],
    ['text.status', [{ op: 'replace', path: '/text/status', value: 'additional' }]],
    ['text as a whole', [{ op: 'remove', path: '/text' }]],
  ])('%s is 400 and changes nothing', async (_, operations) => {
    const div = '<div xmlns="http://www.w3.org/1999/xhtml">a</div>';
    const id = await created({ text: { status: 'generated', div } });
    const { status, body } = await patchJson(id, operations);
    expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
    expect((await send('GET', `/Patient/${id}`)).headers.get('etag')).toBe('W/"1"');
  });

  it('_meta-history=false keeps no previous version where only meta changes', async () => {
    const id = await created();
    const tag = [{ op: 'add', path: '/meta/tag', value: [{ code: 'x' }] }];
    expect((await patchJson(`${id}?_meta-history=false`, tag)).headers.get('etag')).toBe('W/"2"');
    expect((await send('GET', `/Patient/${id}/_history/1`)).status).toBe(404);
    await patchJson(`${id}?_meta-history=false`, replaceGender);
    expect((await send('GET', `/Patient/${id}/_history/2`)).status).toBe(200);
  });

  it('X-Provenance is stored with the version that the patch makes', async () => {
    const id = await created();
    const agent = [{ who: { display: 'A' } }];
    const provenance = JSON.stringify({ resourceType: 'Provenance', recorded: '2026-01-01T00:00:00Z', agent });
    expect((await patchJson(id, replaceGender, { 'X-Provenance': provenance })).status).toBe(200);
    const { body } = await send('GET', `/Provenance?target=Patient/${id}`);
    expect(body.entry[0].resource.target).toEqual([{ reference: `Patient/${id}/_history/2` }]);
  });

  it('of an absent resource is 404, of a deleted one 410, of an unknown type 404', async () => {
    expect((await patchJson('never', replaceGender)).status).toBe(404);
    const id = await created();
    await send('DELETE', `/Patient/${id}`);
    expect((await patchJson(id, replaceGender)).status).toBe(410);
    expect((await send('PATCH', '/patient/x', '[]', jsonType)).status).toBe(404);
  });

  it('If-Match: the current version passes, a stale one is 412, a malformed one 400', async () => {
    const id = await created();
    expect((await patchJson(id, replaceGender, { 'If-Match': 'W/"3"' })).status).toBe(412);
    expect((await patchJson(id, replaceGender, { 'If-Match': '1' })).status).toBe(400);
    expect((await patchJson(id, replaceGender, { 'If-Match': 'W/"1"' })).status).toBe(200);
  });
});

describe('JsonPatch: by other hands', () => {
  it('fhir-kit-client', async () => {
    const id = await created();
    const client = new Client({ baseUrl: base });
    const patched = await client.patch({
      resourceType: 'Patient',
      id,
      jsonPatch: [{ op: 'replace', path: '/gender', value: 'unknown' }],
    });
    expect(patched).toMatchObject({ id, gender: 'unknown' });
  });

  it('the audit record names the method and the resource', async () => {
    const id = await created();
    await patchJson(id, replaceGender);
    const line = () =>
      readFileSync(`${server.dataDir}/audit.ndjson`, 'utf8')
        .split('\n')
        .find((each) => each.includes('fhir-patch') && each.includes(id));
    await expect.poll(line).toBeDefined();
    expect(JSON.parse(line() ?? '')).toMatchObject({
      method: 'PATCH',
      resourceType: 'Patient',
      resourceId: id,
      status: 200,
    });
  });
});

describe('PatchBody: what is no patch', () => {
  it.each([
    ['an empty body', '', jsonType, 400],
    ['text that is not JSON', '[', jsonType, 400],
    ['an object', '{}', jsonType, 400],
    ['no operations', '[]', jsonType, 400],
    ['Parameters without operations', '{"resourceType":"Parameters"}', {}, 400],
    ['another resource', '{"resourceType":"Patient"}', {}, 400],
    ['JSON that is not said to be FHIR', '{"resourceType":"Parameters"}', { 'Content-Type': 'application/json' }, 415],
    ['another type', '<x/>', { 'Content-Type': 'application/xml-patch+xml' }, 415],
    ['text', 'x', { 'Content-Type': 'text/plain' }, 415],
  ])('%s', async (_, body, headers, status) => {
    const id = await created();
    const answer = await send('PATCH', `/Patient/${id}`, body, headers as Record<string, string>);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });
});

describe('FhirPathPatch: a patch with Parameters', () => {
  it('add, insert, replace, delete, move and upsert', async () => {
    const id = await created({ name: [{ given: ['A', 'C'] }] });
    const { status, body } = await patchFhir(
      id,
      operation('insert', 'Patient.name[0].given', { index: { valueInteger: 1 }, value: string('B') }),
      operation('move', 'Patient.name[0].given', { source: { valueInteger: 2 }, destination: { valueInteger: 0 } }),
      operation('add', "Patient.identifier.where(system = 'urn:patch')", { name: string('use'), value: code('usual') }),
      operation('replace', 'Patient.gender', { value: code('male') }),
      operation('upsert', 'Patient', { name: string('active'), value: { valueBoolean: true } }),
      operation('add', 'Patient', { name: string('deceased'), value: { valueDateTime: '2020-01-01' } }),
      operation('delete', 'Patient.birthDate'),
    );
    expect([status, body.name[0].given, body.identifier[0].use]).toEqual([200, ['C', 'A', 'B'], 'usual']);
    expect([body.gender, body.active, body.deceasedDateTime, body.birthDate]).toEqual([
      'male',
      true,
      '2020-01-01',
      undefined,
    ]);
    expect(body.meta.versionId).toBe('2');
  });

  it('as XML', async () => {
    const id = await created();
    const xml = fhirRequests(base, 'xml');
    const { status, body } = await xml(
      'PATCH',
      `/Patient/${id}`,
      parameters(operation('replace', 'Patient.gender', { value: code('male') })),
    );
    expect([status, body.gender]).toEqual([200, 'male']);
  });

  it('a value of nested parts becomes an element that has no type of its own', async () => {
    const id = await created();
    const value = { part: [{ name: 'name', valueHumanName: { text: 'N' } }] };
    const { body } = await patchFhir(id, operation('add', 'Patient', { name: string('contact'), value }));
    expect(body.contact).toEqual([{ name: { text: 'N' } }]);
  });

  it.each([
    ['a path to nothing', operation('replace', 'Patient.maritalStatus', { value: string('x') })],
    ['a path to several', operation('delete', 'Patient.identifier | Patient.name')],
    [
      'an index behind the end',
      operation('insert', 'Patient.identifier', { index: { valueInteger: 9 }, value: { valueIdentifier: {} } }),
    ],
    ['a value of the wrong type', operation('replace', 'Patient.birthDate', { value: { valueBoolean: true } })],
    ['a result that is invalid', operation('replace', 'Patient.gender', { value: code('purple') })],
    ['an unknown operation', operation('merge', 'Patient', { value: string('x') })],
    ['another type of a choice', operation('replace', 'Patient.deceased', { value: { valueDateTime: '2020' } })],
    ['the id', operation('replace', 'Patient.id', { value: { valueId: 'x' } })],
    ['the version', operation('replace', 'Patient.meta.versionId', { value: { valueId: '7' } })],
  ])('%s is 400', async (_, bad) => {
    const id = await created({ deceasedBoolean: false });
    const { status, body } = await patchFhir(id, bad);
    expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
    expect((await send('GET', `/Patient/${id}`)).headers.get('etag')).toBe('W/"1"');
  });

  it('a reference by criteria is resolved as in an update', async () => {
    await send('PUT', '/Organization/o', { resourceType: 'Organization', id: 'o', name: 'Patched' });
    const id = await created();
    const add = (reference: string) =>
      patchFhir(
        id,
        operation('add', 'Patient', { name: string('managingOrganization'), value: { valueReference: { reference } } }),
      );
    expect((await add('Organization?name=nobody')).status).toBe(400);
    expect((await add('Organization?name=Patched')).body.managingOrganization.reference).toBe('Organization/o');
  });
});

describe('ConditionalPatch: a patch by criteria', () => {
  const patch = (query: string, headers: Record<string, string> = {}) =>
    send('PATCH', `/Patient${query}`, JSON.stringify(replaceGender), { ...jsonType, ...headers });
  const by = (value: string) => `?identifier=urn:patch|${value}`;

  it('no criteria 412, no match 404, one match 200, several 412', async () => {
    const id = await created({ identifier: [{ system: 'urn:patch', value: 'one' }] });
    for (let each = 0; each < 2; each += 1) await created({ identifier: [{ system: 'urn:patch', value: 'two' }] });
    expect((await patch('')).status).toBe(412);
    expect((await patch('?nonsense=x')).status).toBe(412);
    expect((await patch('?_count=1')).status).toBe(412);
    expect((await patch(by('none'))).status).toBe(404);
    const { status, body } = await patch(by('one'));
    expect([status, body.id, body.gender]).toEqual([200, id, 'male']);
    expect((await patch(by('two'))).status).toBe(412);
  });

  it('If-Match must hold for the match', async () => {
    await created({ identifier: [{ system: 'urn:patch', value: 'matched' }] });
    expect((await patch(by('matched'), { 'If-Match': 'W/"2"' })).status).toBe(412);
    expect((await patch(by('matched'), { 'If-Match': 'W/"1"' })).status).toBe(200);
  });

  it('by a FHIRPath Patch', async () => {
    await created({ identifier: [{ system: 'urn:patch', value: 'path' }] });
    const body = parameters(operation('replace', 'Patient.gender', { value: code('other') }));
    expect((await send('PATCH', `/Patient${by('path')}`, body)).body.gender).toBe('other');
  });
});

describe('patches in bundles', () => {
  const binary = (operations: unknown, contentType = 'application/json-patch+json') => ({
    resourceType: 'Binary',
    contentType,
    data: Buffer.from(JSON.stringify(operations)).toString('base64'),
  });
  const entry = (resource: object, url: string, more: object = {}) => ({
    resource,
    request: { method: 'PATCH', url, ...more },
  });
  const bundle = (type: string, ...entries: object[]) =>
    send('POST', '', { resourceType: 'Bundle', type, entry: entries });
  const toMale = parameters(operation('replace', 'Patient.gender', { value: code('male') }));

  it.each(['batch', 'transaction'])('%s: a Parameters, a Binary, by id and by criteria', async (type) => {
    const [one, two] = [await created(), await created()];
    const three = await created({ identifier: [{ system: 'urn:patch', value: type }] });
    const { status, body } = await bundle(
      type,
      entry(toMale, `Patient/${one}`),
      entry(binary(replaceGender), `Patient/${two}`),
      entry(toMale, `Patient?identifier=urn:patch|${type}`),
    );
    expect(status).toBe(200);
    expect(body.entry.map((each: { response: object }) => each.response)).toMatchObject(
      new Array(3).fill({ status: '200', etag: 'W/"2"' }),
    );
    expect(body.entry.map((each: { resource: { id: string; gender: string } }) => each.resource)).toMatchObject(
      [one, two, three].map((id) => ({ id, gender: 'male' })),
    );
  });

  it('a batch tells what is wrong with each', async () => {
    const id = await created();
    const { body } = await bundle(
      'batch',
      entry(toMale, 'Patient/never'),
      entry(binary([{ op: 'test', path: '/gender', value: 'male' }]), `Patient/${id}`),
      entry(binary(replaceGender, 'text/plain'), `Patient/${id}`),
      entry(toMale, `Patient/${id}`, { ifMatch: 'W/"5"' }),
      entry(toMale, 'Patient?identifier=urn:patch|nobody'),
      { request: { method: 'PATCH', url: `Patient/${id}` } },
    );
    const statuses = body.entry.map((each: { response: { status: string } }) => each.response.status);
    expect(statuses).toEqual(['404', '400', '415', '412', '404', '400']);
  });

  it('a transaction is undone by a patch that cannot be done', async () => {
    const id = await created();
    const bad = parameters(operation('replace', 'Patient.gender', { value: code('purple') }));
    const put = {
      resource: { resourceType: 'Patient', id: 'with-patch' },
      request: { method: 'PUT', url: 'Patient/with-patch' },
    };
    expect((await bundle('transaction', put, entry(bad, `Patient/${id}`))).status).toBe(400);
    expect((await bundle('transaction', put, entry(toMale, 'Patient/never'))).status).toBe(404);
    expect((await send('GET', '/Patient/with-patch')).status).toBe(404);
  });

  it('a transaction may not write what it patches', async () => {
    const id = await created();
    const put = { resource: { resourceType: 'Patient', id }, request: { method: 'PUT', url: `Patient/${id}` } };
    expect((await bundle('transaction', put, entry(toMale, `Patient/${id}`))).status).toBe(400);
  });

  it('a patch refers to a resource that the transaction creates', async () => {
    const id = await created();
    const value = { valueReference: { reference: 'urn:uuid:org' } };
    const { body } = await bundle(
      'transaction',
      entry(parameters(operation('add', 'Patient', { name: string('managingOrganization'), value })), `Patient/${id}`),
      {
        fullUrl: 'urn:uuid:org',
        resource: { resourceType: 'Organization', name: 'O' },
        request: { method: 'POST', url: 'Organization' },
      },
    );
    const [patched, organization] = body.entry.map((each: { resource: { id: string } }) => each.resource);
    expect(patched.managingOrganization.reference).toBe(`Organization/${organization.id}`);
  });
});

describe('patches under stress', () => {
  it('two writers patching one id: each is a version, none is lost', async () => {
    const id = await created({ name: [{ given: ['first'] }] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => patchJson(id, [{ op: 'add', path: '/name/0/given/-', value: `n${n}` }])),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
    const { body } = await send('GET', `/Patient/${id}`);
    expect(body.meta.versionId).toBe('21');
    expect(body.name[0].given.toSorted()).toEqual(
      ['first', ...Array.from({ length: 20 }, (_, n) => `n${n}`)].toSorted(),
    );
  });

  it('with the same If-Match exactly one wins', async () => {
    const id = await created();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        patchJson(id, [{ op: 'add', path: '/name', value: [{ text: `${n}` }] }], { 'If-Match': 'W/"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...new Array(9).fill(412)]);
  });

  it('100,000 operations and copies that explode are 400, and the server stays well', async () => {
    const id = await created({ name: [{ given: ['a', 'b', 'c'] }] });
    const many = Array.from({ length: 100_000 }, () => ({ op: 'test', path: '/gender', value: 'female' }));
    const answer = await patchJson(id, many);
    expect([answer.status, answer.issue]).toEqual([400, 'too-costly']);
    const double = new Array(100).fill({ op: 'copy', from: '/name', path: '/name/-' });
    const before = server.rss();
    expect((await patchJson(id, double)).issue).toBe('too-costly');
    expect(server.rss() - before).toBeLessThan(300);
    const deep = new Array(500).fill({ op: 'copy', from: '', path: '/contact' });
    expect((await patchJson(id, deep)).status).toBe(400);
    expect((await patchJson(id, replaceGender)).status).toBe(200);
  });
});
