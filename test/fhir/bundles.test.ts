/** Batch and transaction: FHIR R4 3.1.0.11 as AHDS answers it. */
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

interface Entry {
  fullUrl?: string;
  resource?: object;
  request?: Record<string, string>;
}
const bundle = (type: string, ...entry: Entry[]) => send('POST', '', { resourceType: 'Bundle', type, entry });
const put = (id: string, more: object = {}): Entry => ({
  resource: { resourceType: 'Patient', id, ...more },
  request: { method: 'PUT', url: `Patient/${id}` },
});
const post = (more: object = {}, fullUrl?: string): Entry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  resource: { resourceType: 'Patient', ...more },
  request: { method: 'POST', url: 'Patient' },
});
const get = (url: string): Entry => ({ request: { method: 'GET', url } });
const remove = (url: string): Entry => ({ request: { method: 'DELETE', url } });
const statuses = (body: { entry: { response: { status: string } }[] }) =>
  body.entry.map((each) => each.response.status);

describe('batch', () => {
  it('answers each entry on its own, in the order of the request', async () => {
    const { status, body } = await bundle(
      'batch',
      get('Patient/batch-1'),
      put('batch-1'),
      { resource: { resourceType: 'Patient', gender: 'x' }, request: { method: 'POST', url: 'Patient' } },
      get('Patient/absent'),
      get('Nonsense/1'),
      { resource: { resourceType: 'Patient' } },
      get('Patient?_id=batch-1'),
      { request: { method: 'GET', url: 'metadata' } },
    );
    expect([status, body.type]).toEqual([200, 'batch-response']);
    // Reads come last: the first entry sees what the second one wrote.
    expect(statuses(body)).toEqual(['200', '201', '400', '404', '404', '400', '200', '200']);
    expect(body.entry[0].resource.id).toBe('batch-1');
    expect(body.entry[1].response).toMatchObject({ etag: 'W/"1"', location: `${base}/Patient/batch-1/_history/1` });
    expect(body.entry[2].response.outcome.issue[0].expression).toEqual(['Patient.gender']);
    expect(body.entry[6].resource.type).toBe('searchset');
  });

  it('If-Match and If-None-Exist of an entry are those of a request', async () => {
    const { body } = await bundle(
      'batch',
      { ...put('batch-1', { active: true }), request: { method: 'PUT', url: 'Patient/batch-1', ifMatch: 'W/"9"' } },
      {
        resource: { resourceType: 'Patient' },
        request: { method: 'POST', url: 'Patient', ifNoneExist: '_id=batch-1' },
      },
    );
    expect(statuses(body)).toEqual(['412', '200']);
  });

  it('an absolute url below the service is taken as relative', async () => {
    const { body } = await bundle('batch', get(`${base}/Patient/batch-1`), get(`/Patient/batch-1`));
    expect(statuses(body)).toEqual(['200', '200']);
  });

  it('in parallel does the same', async () => {
    const entries = Array.from({ length: 60 }, (_, n) => put(`parallel-${n}`));
    const answer = await send(
      'POST',
      '',
      { resourceType: 'Bundle', type: 'batch', entry: entries },
      { 'x-bundle-processing-logic': 'parallel' },
    );
    expect(statuses(answer.body)).toEqual(new Array(60).fill('201'));
  });

  it('without entries is an empty answer', async () => {
    const { status, body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch' });
    expect([status, body.type, body.entry]).toEqual([200, 'batch-response', undefined]);
  });
});

describe('transaction', () => {
  it('rewrites references between entries: urn:uuid, absolute and relative to a fullUrl, also in contained and nested ones', async () => {
    const urn = 'urn:uuid:0a31d3ae-3ee6-4f6c-a07d-2d1f0d1a5d11';
    const { status, body } = await bundle(
      'transaction',
      {
        fullUrl: 'http://elsewhere/fhir/Observation/o1',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: urn },
          performer: [{ reference: 'Practitioner/p1' }, { reference: 'Practitioner/other' }],
          extension: [{ url: 'http://x', valueReference: { reference: 'http://elsewhere/fhir/Practitioner/p1' } }],
        },
        request: { method: 'POST', url: 'Observation' },
      },
      {
        fullUrl: 'http://elsewhere/fhir/Practitioner/p1',
        resource: { resourceType: 'Practitioner' },
        request: { method: 'POST', url: 'Practitioner' },
      },
      post({}, urn),
    );
    expect([status, body.type, statuses(body)]).toEqual([200, 'transaction-response', ['201', '201', '201']]);
    const [observation, practitioner, patient] = body.entry.map((each: { resource: { id: string } }) => each.resource);
    expect(observation.subject.reference).toBe(`Patient/${patient.id}`);
    expect(observation.performer.map((each: { reference: string }) => each.reference)).toEqual([
      `Practitioner/${practitioner.id}`,
      'Practitioner/other',
    ]);
    expect(observation.extension[0].valueReference.reference).toBe(`Practitioner/${practitioner.id}`);
    const found = await send('GET', `/Observation?subject=Patient/${patient.id}`);
    expect(found.body.entry.length).toBe(1);
  });

  it('a conditional create that matches gives its fullUrl to the existing resource', async () => {
    await send('PUT', '/Organization/there', {
      resourceType: 'Organization',
      id: 'there',
      name: 'There',
      identifier: [{ system: 'urn:o', value: 'there' }],
    });
    const { body } = await bundle(
      'transaction',
      {
        fullUrl: 'urn:uuid:1',
        resource: { resourceType: 'Organization', name: 'New' },
        request: { method: 'POST', url: 'Organization', ifNoneExist: 'identifier=urn:o|there' },
      },
      post({ managingOrganization: { reference: 'urn:uuid:1' } }),
      post({ managingOrganization: { reference: 'Organization?identifier=urn:o|there' } }),
    );
    expect(statuses(body)).toEqual(['200', '201', '201']);
    expect(body.entry[1].resource.managingOrganization.reference).toBe('Organization/there');
    expect(body.entry[2].resource.managingOrganization.reference).toBe('Organization/there');
  });

  it.each<[string, Entry, number]>([
    ['an invalid resource', post({ gender: 'x' }), 400],
    [
      'a stale If-Match',
      { ...put('t-base', { active: true }), request: { method: 'PUT', url: 'Patient/t-base', ifMatch: 'W/"7"' } },
      412,
    ],
    [
      'a conditional reference without a match',
      post({ managingOrganization: { reference: 'Organization?name=none' } }),
      400,
    ],
    ['several matches', { ...post(), request: { method: 'POST', url: 'Patient', ifNoneExist: 'active=true' } }, 412],
    ['a read of nothing', get('Patient/t-none'), 404],
    ['a search that is not supported', get('Patient?name:nonsense=x'), 403],
    ['a conditional delete', remove('Patient?active=true'), 400],
    [
      'a nested bundle',
      { resource: { resourceType: 'Bundle', type: 'batch' }, request: { method: 'POST', url: 'Bundle' } },
      400,
    ],
    ['an unknown type', { resource: { resourceType: 'Foo' }, request: { method: 'POST', url: 'Foo' } }, 404],
    ['no url', { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: '' } }, 400],
    ['an unknown verb', { resource: { resourceType: 'Patient' }, request: { method: 'SEND', url: 'Patient' } }, 400],
    ['the same resource twice', put('T-FIRST'), 400],
  ])('%s undoes everything', async (_name, entry, status) => {
    for (const id of ['t-base', 't-base-2'])
      await send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, active: true });
    const before = (await send('GET', '/_history?_count=0')).body.total;
    const answer = await bundle('transaction', put('t-first'), remove('Patient/t-base-2'), entry);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect((await send('GET', '/Patient/t-first')).status).toBe(404);
    expect((await send('GET', '/_history?_count=0')).body.total).toBe(before);
  });

  it('the first issue names the entry by verb and url', async () => {
    const { body } = await bundle('transaction', put('t-first'), post({ gender: 'x' }));
    expect(body.issue[0].diagnostics).toContain('POST Patient');
    expect(body.issue[1]).toMatchObject({ expression: ['Patient.gender'] });
  });

  it('reads see what the transaction wrote', async () => {
    const { body } = await bundle('transaction', get('Patient/t-read'), get('Patient?_id=t-read'), put('t-read'));
    expect(statuses(body)).toEqual(['200', '200', '201']);
    expect(body.entry[0].resource.id).toBe('t-read');
    expect(body.entry[1].resource.entry.length).toBe(1);
  });

  it('two transactions over the same resources at once: both happen, neither half', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        bundle('transaction', put('pair-a', { name: [{ text: `${n}` }] }), put('pair-b', { name: [{ text: `${n}` }] })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(8).fill(200));
    const [a, b] = await Promise.all([send('GET', '/Patient/pair-a'), send('GET', '/Patient/pair-b')]);
    expect(a.body.name[0].text).toBe(b.body.name[0].text);
    expect(a.body.meta.versionId).toBe('8');
  });
});
