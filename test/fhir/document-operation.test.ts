/** `Composition/$document` on the wire: what is in the document, what is missing, what is stored, hostile compositions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;

function composition(id: string, more: object = {}) {
  return {
    resourceType: 'Composition',
    id,
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '11488-4' }] },
    subject: { reference: 'Patient/p' },
    date: '2024-01-01',
    author: [{ reference: 'Practitioner/pr' }],
    title: 'Letter',
    ...more,
  };
}
const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  ...more,
});
const entryOf = (...references: string[]) => references.map((reference) => ({ reference }));

/** Sections in sections, each of which refers back to the composition and on to an observation that does. */
function deepSections(depth: number): object[] {
  const below = depth === 0 ? {} : { section: deepSections(depth - 1) };
  return [{ title: `${depth}`, entry: entryOf('Composition/deep', 'Observation/cyclic'), ...below }];
}

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const resources = [
    { resourceType: 'Patient', id: 'p', managingOrganization: { reference: 'Organization/o' } },
    { resourceType: 'Practitioner', id: 'pr' },
    { resourceType: 'Organization', id: 'o', name: 'O' },
    observation('one', { valueQuantity: { value: 1.5 } }),
    observation('two'),
    observation('gone'),
    observation('cyclic', { focus: entryOf('Composition/deep') }),
    composition('whole', {
      contained: [{ resourceType: 'Practitioner', id: 'inner' }],
      attester: [{ mode: 'legal', party: { reference: '#inner' } }],
      section: [
        { title: 'a', entry: entryOf('Observation/one', 'Observation/two/_history/1') },
        { title: 'b', section: [{ title: 'c', entry: entryOf('Observation/one', 'Patient/p') }] },
      ],
    }),
    composition('broken', {
      section: [
        {
          title: 'a',
          entry: entryOf(
            'Observation/absent',
            'Observation/gone',
            'http://other.example/fhir/Observation/1',
            'urn:uuid:x',
          ),
        },
      ],
    }),
    composition('deep', {
      section: deepSections(20),
      relatesTo: [{ code: 'appends', targetReference: { reference: 'Composition/deep' } }],
    }),
    composition('wide', {
      section: [{ title: 'a', entry: entryOf(...Array.from({ length: 3000 }, (_, at) => `Observation/none-${at}`)) }],
    }),
  ];
  for (const resource of resources) {
    expect((await send('PUT', `/${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
  }
  await send('DELETE', '/Observation/gone');
});
afterAll(() => server.stop());

const keysOf = ({ body }: FhirAnswer): string[] =>
  body.entry.map(({ resource }: { resource: { resourceType: string; id: string } }) =>
    resource.resourceType === 'OperationOutcome' ? 'OperationOutcome' : `${resource.resourceType}/${resource.id}`,
  );
const whole = ['Composition/whole', 'Patient/p', 'Practitioner/pr', 'Observation/one', 'Observation/two'];

describe('$document: the document', () => {
  it.each([
    ['GET', '/Composition/whole/$document'],
    ['GET', '/Composition/$document?id=whole'],
    ['GET', '/Composition/$document?id=Composition/whole'],
  ])('%s %s has the composition first, then what it refers to, each once', async (method, path) => {
    const answer = await send(method, path);
    expect([answer.status, answer.body.type, keysOf(answer)]).toEqual([200, 'document', whole]);
    expect(answer.body.entry[0].fullUrl).toBe(`${server.url}/fhir/Composition/whole`);
    expect(answer.body.identifier.value).toBe(`urn:uuid:${answer.body.id}`);
    expect(Date.parse(answer.body.timestamp)).toBeGreaterThan(Date.parse('2024-01-01'));
  });

  it('a full URL of this service names the composition too, one of another service does not', async () => {
    const path = (base: string) => `/Composition/$document?id=${encodeURIComponent(`${base}/Composition/whole`)}`;
    expect(keysOf(await send('GET', path(`${server.url}/fhir`)))).toEqual(whole);
    expect((await send('GET', path('http://other.example/fhir'))).status).toBe(400);
  });

  it('what is missing is named in an OperationOutcome at the end', async () => {
    const answer = await send('GET', '/Composition/broken/$document');
    expect(keysOf(answer)).toEqual(['Composition/broken', 'Patient/p', 'Practitioner/pr', 'OperationOutcome']);
    const texts = answer.body.entry[3].resource.issue.map(({ diagnostics }: { diagnostics: string }) => diagnostics);
    expect(texts).toHaveLength(4);
    for (const name of [
      'Observation/absent',
      'Observation/gone',
      'http://other.example/fhir/Observation/1',
      'urn:uuid:x',
    ]) {
      expect(texts.filter((text: string) => text.includes(`'${name}'`))).toHaveLength(1);
    }
  });

  it('persist=true stores it: 201, and the answer is what a read gives', async () => {
    const answer = await send('GET', '/Composition/whole/$document?persist=true');
    expect([answer.status, keysOf(answer)]).toEqual([201, whole]);
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe(`${server.url}/fhir/Bundle/${answer.body.id}/_history/1`);
    const stored = await send('GET', `/Bundle/${answer.body.id}`);
    expect([stored.status, stored.body]).toEqual([200, answer.body]);
  });

  it('a document with something missing can be stored too, by POST', async () => {
    const parameter = [{ name: 'persist', valueBoolean: true }];
    const answer = await send('POST', '/Composition/broken/$document', { resourceType: 'Parameters', parameter });
    expect([answer.status, keysOf(answer).at(-1)]).toEqual([201, 'OperationOutcome']);
  });
});

describe('$document: bad and hostile requests', () => {
  it.each([
    ['/Composition/absent/$document', 404],
    ['/Composition/$document', 400],
    ['/Composition/$document?id=no+id', 400],
    ['/Composition/$document?id=Patient/p', 400],
    ['/Composition/whole/$document?id=whole', 400],
    ['/Composition/whole/$document?persist=maybe', 400],
    ['/Composition/whole/$document?persist=true&persist=true', 400],
    ['/Composition/whole/$document?graph=http://example.org/graph', 400],
    ['/Patient/p/$document', 404],
  ])('%s is %i', async (path, status) => {
    expect((await send('GET', path)).status).toBe(status);
  });

  it('a deleted composition is 410', async () => {
    await send('PUT', '/Composition/deleted', composition('deleted'));
    await send('DELETE', '/Composition/deleted');
    expect((await send('GET', '/Composition/deleted/$document')).status).toBe(410);
  });

  it('sections 20 deep that refer to each other in a ring come to an end', async () => {
    expect(keysOf(await send('GET', '/Composition/deep/$document'))).toEqual([
      'Composition/deep',
      'Patient/p',
      'Practitioner/pr',
      'Observation/cyclic',
    ]);
  });

  it('thousands of references are 400', async () => {
    const answer = await send('GET', '/Composition/wide/$document');
    expect([answer.status, answer.issue]).toEqual([400, 'too-costly']);
  });

  it('a transaction cannot undo what $document stores, so it is refused there; a batch takes it', async () => {
    const entry = [{ request: { method: 'GET', url: 'Composition/whole/$document?persist=true' } }];
    const before = (await send('GET', '/Bundle?_summary=count')).body.total;
    expect((await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(400);
    expect((await send('GET', '/Bundle?_summary=count')).body.total).toBe(before);
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body.entry[0].response.status).toMatch(/^201/);
  });
});
