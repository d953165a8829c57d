/** Batch and transaction: FHIR R4 3.1.0.11 as AHDS answers it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
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

describe('BundleBatch: a batch', () => {
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

describe('BundleTransaction: a transaction', () => {
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
    ['a delete with parameters', remove('Patient/t-base?_hardDelete=true'), 400],
    ['a delete without an id', remove('Patient'), 400],
    ['a search by POST', { request: { method: 'POST', url: 'Patient/_search' } }, 400],
    [
      'an update without an id',
      { resource: { resourceType: 'Patient' }, request: { method: 'PUT', url: 'Patient' } },
      400,
    ],
    [
      'an update by _meta-history alone',
      { resource: { resourceType: 'Patient' }, request: { method: 'PUT', url: 'Patient?_meta-history=false' } },
      400,
    ],
    [
      'an operation that is not there',
      { resource: { resourceType: 'Parameters' }, request: { method: 'POST', url: 'ValueSet/$nothing' } },
      404,
    ],
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

describe.each(['json', 'xml'] as const)('BundleTransaction: rules, %s', (format) => {
  const transaction = (...entry: object[]) =>
    fhirRequests(base, format)('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  const searchParameter = (url: string, code: string, type = 'Patient') => ({
    resource: {
      resourceType: 'SearchParameter',
      url,
      name: 'x',
      status: 'active',
      description: 'x',
      code,
      base: [type],
      type: 'string',
      expression: `${type}.language`,
    },
    request: { method: 'POST', url: 'SearchParameter' },
  });

  it.each([
    ['the same url', searchParameter('http://x/a', 'a'), searchParameter('http://x/a', 'b')],
    ['the same code for the same type', searchParameter('http://x/a', 'a'), searchParameter('http://x/b', 'a')],
  ])('two SearchParameters with %s are 400', async (_, one, two) => {
    const answer = await transaction(one, two);
    expect([answer.status, answer.issue]).toEqual([400, 'invalid']);
  });

  it('criteria that two entries share are 400, whatever the verb', async () => {
    const criteria = 'identifier=urn:t|shared';
    const create = { ...post(), request: { method: 'POST', url: 'Patient', ifNoneExist: criteria } };
    const update = { ...post(), request: { method: 'PUT', url: `Patient?${criteria}` } };
    expect((await transaction(create, update)).status).toBe(400);
  });

  it('two entries that turn out to write the same resource are 400', async () => {
    await send('PUT', '/Patient/t-same', { resourceType: 'Patient', id: 't-same' });
    const byCriteria = { ...post(), request: { method: 'PUT', url: 'Patient?_id=t-same' } };
    expect((await transaction(byCriteria, remove('Patient/t-same'))).status).toBe(400);
    expect((await send('GET', '/Patient/t-same')).status).toBe(200);
  });

  it('a read of what the transaction deletes is 410 and deletes nothing; an older version can be read', async () => {
    await send('PUT', '/Patient/t-gone', { resourceType: 'Patient', id: 't-gone' });
    expect((await transaction(remove('Patient/t-gone'), get('Patient/t-gone'))).status).toBe(410);
    expect((await send('GET', '/Patient/t-gone')).status).toBe(200);
    const { status, body } = await transaction(remove('Patient/t-gone'), get('Patient/t-gone/_history/1'));
    expect([status, statuses(body)]).toEqual([200, ['204', '200']]);
  });

  it('a read that is malformed is 400 and writes nothing, also of what the transaction writes', async () => {
    expect((await transaction(put('t-malformed'), get('Patient/t-malformed?_summary=x'))).status).toBe(400);
    expect((await send('GET', '/Patient/t-malformed')).status).toBe(404);
  });

  it('Prefer holds for every entry', async () => {
    const prefer = { Prefer: 'return=minimal' };
    const body = { resourceType: 'Bundle', type: 'transaction', entry: [post(), post()] };
    const answer = await fhirRequests(base, format)('POST', '', body, prefer);
    expect(answer.body.entry.map((each: object) => Object.keys(each))).toEqual([['response'], ['response']]);
  });

  it('without entries is an empty answer', async () => {
    const { status, body } = await transaction();
    expect([status, body.type, body.entry]).toEqual([200, 'transaction-response', undefined]);
  });
});

describe.each(['batch', 'transaction'])('BundleEdgeCase: x-bundle-processing-logic of a %s', (type) => {
  const ask = (logic: string) =>
    send(
      'POST',
      '',
      { resourceType: 'Bundle', type, entry: [post(), get('metadata')] },
      { 'x-bundle-processing-logic': logic },
    );

  it.each(['parallel', 'sequential', 'Parallel'])('%s', async (logic) => {
    expect(statuses((await ask(logic)).body)).toEqual(['201', '200']);
  });

  it('a value that is none: the entries as ever, and one more that warns', async () => {
    const { status, body } = await ask('backwards');
    expect([status, statuses(body)]).toEqual([200, ['201', '200', '405']]);
    expect(body.entry[2].response.outcome.issue[0].severity).toBe('warning');
  });
});

describe('BundleEdgeCase: what is no bundle to process', () => {
  it.each([
    ['no type', { resourceType: 'Bundle' }, 400],
    ['a type that is none', { resourceType: 'Bundle', type: 'bunch' }, 400],
    ['a collection', { resourceType: 'Bundle', type: 'collection' }, 405],
    ['a searchset', { resourceType: 'Bundle', type: 'searchset' }, 405],
    ['another resource', { resourceType: 'Patient' }, 400],
    ['entries that are no list', { resourceType: 'Bundle', type: 'batch', entry: {} }, 400],
    ['501 entries', { resourceType: 'Bundle', type: 'batch', entry: new Array(501).fill(get('metadata')) }, 400],
  ])('%s', async (_, body, status) => {
    const answer = await send('POST', '', body);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  it('an entry of a batch that is no object, or has no request, is 400 in its place', async () => {
    const entry = [1, {}, { request: {} }, { request: { method: 'GET' } }, get('metadata')];
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(statuses(body)).toEqual(['400', '400', '400', '400', '200']);
  });
});

describe('BundleBatch: headers of entries on the answer', () => {
  it('Items-Deleted is the sum of all conditional deletes', async () => {
    const named = (family: string) => post({ name: [{ family }] });
    await bundle('batch', named('bubble-a'), named('bubble-a'), named('bubble-b'));
    const { headers, body } = await bundle(
      'batch',
      remove('Patient?family=bubble-a&_count=5'),
      remove('Patient?family=bubble-b&_count=5'),
      remove('Patient/never'),
    );
    expect([statuses(body), headers.get('items-deleted')]).toEqual([['204', '204', '204'], '3']);
    expect((await bundle('batch', get('metadata'))).headers.get('items-deleted')).toBeNull();
  });
});

const folder = sharedData('ms-fhir-server-tests/Normative');

describe.skipIf(folder === undefined)("BundleTransaction: the bundles of Microsoft's tests", () => {
  const sent = (name: string) => send('POST', '', readFileSync(path.join(folder ?? '', `Bundle-${name}.json`), 'utf8'));

  it.each([
    ['TransactionWithAllValidRoutes', ['201', '201', '201', '201', '200', '200']],
    ['TransactionWithPOSTFullUrlMatchesWithPUTRequestUrl', ['201', '201']],
  ])('%s', async (name, expected) => {
    const { status, body } = await sent(name);
    expect([status, statuses(body)]).toEqual([200, expected]);
  });

  it.each([
    ['Transaction', 400],
    ['TransactionWithInvalidProcessingRoutes', 400],
    ['TransactionWithMultipleEntriesModifyingSameResource', 400],
    ['TransactionWithMultipleResourcesWithSameFullUrl', 400],
    ['TransactionWithConditionalReferenceReferringToSameResource', 400],
    ['TransactionWithInvalidBundleEntry', 400],
    ['TransactionForRollBack', 404],
  ])('%s is %i and writes nothing', async (name, status) => {
    const total = async () => (await send('GET', '/_history?_count=0')).body.total;
    const before = await total();
    expect((await sent(name)).status).toBe(status);
    expect(await total()).toBe(before);
  });

  it('TransactionWithConditionalReferenceInResourceBody: no match 400, one match 200, two 400', async () => {
    const target = { resourceType: 'Patient', identifier: [{ value: '12345' }] };
    const statusesInTurn: number[] = [];
    for (let each = 0; each < 3; each += 1) {
      const { status, body } = await sent('TransactionWithConditionalReferenceInResourceBody');
      statusesInTurn.push(status);
      if (status === 400) expect(JSON.stringify(body.issue)).toContain('Patient?identifier=12345');
      await send('POST', '/Patient', target);
    }
    expect(statusesInTurn).toEqual([400, 200, 400]);
  });

  it('Batch: an answer for each entry', async () => {
    const { status, body } = await sent('Batch');
    expect(status).toBe(200);
    // Not the first four: what they find depends on what was sent before.
    expect(statuses(body).slice(4)).toEqual(['412', '204', '204', '404', '200', '404']);
    const missing = await sent('MissingIdentifier');
    expect(statuses(missing.body)).toEqual(['400']);
  });
});
