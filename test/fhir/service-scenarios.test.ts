/** AHDS's scenarios about the service as a whole: one resource of every type, versions, health, what R4 has and STU3 had not. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let client: Client;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  client = new Client({ baseUrl: `${server.url}/fhir` });
});
afterAll(() => server.stop());

/** Published with faults: not base64, a duplicate linkId. */
const faulty = new Set(['Binary/example', 'Media/example', 'DiagnosticReport/gingival-mass', 'Questionnaire/qs1']);
const examples = new Map<string, string>();
for (const line of gunzipSync(readFileSync(new URL('../fixtures/hl7-examples.ndjson.gz', import.meta.url)))
  .toString()
  .split('\n')) {
  const [, type = '', id = ''] = /^\{"resourceType":"(\w+)","id":"([^"]+)"/.exec(line) ?? [];
  if (type !== '' && !examples.has(type) && !faulty.has(`${type}/${id}`)) examples.set(type, line);
}

describe('CreateAllFhirResources: an example of every type that HL7 gives one of', () => {
  it('there are examples', () => {
    expect(examples.size).toBeGreaterThan(120);
  });

  it.each([...examples])('%s is created, read back by the client, and deleted', async (type, text) => {
    const created = await send('POST', `/${type}`, text);
    expect([created.status, created.body.resourceType]).toEqual([201, type]);
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(`${server.url}/fhir/${type}/${id}/_history/1`);
    expect((await client.read({ resourceType: type, id })).id).toBe(id);
    expect((await send('DELETE', `/${type}/${id}`)).status).toBe(204);
  });
});

describe('ObservationResolveReference: a reference by criteria', () => {
  const observation = (reference: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference },
  });

  it('names the one resource that meets them', async () => {
    const patient = await send('POST', '/Patient', { resourceType: 'Patient', identifier: [{ value: 'unique' }] });
    const created = await send('POST', '/Observation', observation('Patient?identifier=unique'));
    expect([created.status, created.body.subject.reference]).toEqual([201, `Patient/${patient.body.id}`]);
  });

  it('is 400 when nothing meets them', async () => {
    const refused = await send('POST', '/Observation', observation('Patient?identifier=absent'));
    expect([refused.status, refused.issue, refused.body.issue[0].severity]).toEqual([400, 'invalid', 'error']);
    expect(refused.body.issue[0].diagnostics).toContain('Patient?identifier=absent');
  });
});

describe('Health: the health check', () => {
  it('is 200 and describes what it looked at', async () => {
    const answer = await fetch(`${server.url}/health/check`);
    const body = (await answer.json()) as { overallStatus: string; details: { name: string; description: string }[] };
    expect([answer.status, body.overallStatus]).toEqual([200, 'Healthy']);
    for (const { description } of body.details) expect(description).not.toBe('');
  });
});

describe('OperationVersions: $versions', () => {
  it.each(['application/json', 'application/fhir+json', '*/*', undefined])('Accept: %s is 200', async (accept) => {
    const answer = await send('GET', '/$versions', undefined, accept === undefined ? {} : { Accept: accept });
    expect([answer.status, answer.body]).toEqual([200, { versions: ['4.0'], default: '4.0' }]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/fhir\+json/);
  });

  it.each(['application/json1', 'applicaiton/xml'])('Accept: %s is 406', async (accept) => {
    expect((await send('GET', '/$versions', undefined, { Accept: accept })).status).toBe(406);
  });
});

describe('VersionSpecific: R4', () => {
  it('the CapabilityStatement says 4.0.1', async () => {
    expect((await client.capabilityStatement()) as unknown).toMatchObject({ fhirVersion: '4.0.1' });
  });

  it('a type that STU3 had under another name is 404', async () => {
    expect((await send('GET', '/Sequence')).status).toBe(404);
  });

  const sample = sharedData('ms-fhir-server-tests/R4/MedicinalProduct.json');
  it.skipIf(!sample)('a type that is new in R4 is stored and found', async () => {
    const product = JSON.parse(readFileSync(String(sample), 'utf8').replace(/^\uFEFF/, ''));
    product.identifier.push({ system: 'urn:test', value: 'found-by-this' });
    const created = await client.create({ resourceType: 'MedicinalProduct', body: product });
    const found = await send('GET', '/MedicinalProduct?identifier=found-by-this');
    expect(found.body.entry.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual([created.id]);
  });
});

describe('MsSearchParameter: _expiryDate', () => {
  const url = 'https://azurehealthcareapis.com/data-extensions/expiry-date';

  it('is a search parameter of every type in the CapabilityStatement', async () => {
    const { body } = await send('GET', '/metadata');
    for (const { type, searchParam } of body.rest[0].resource) {
      const found = searchParam.some(({ definition }: { definition: string }) => definition === url);
      expect([type, found]).toEqual([type, true]);
    }
  });

  it('finds resources by the extension of their meta', async () => {
    const meta = { tag: [{ code: 'expiry' }], extension: [{ url, valueDateTime: '2000-01-01' }] };
    const { body } = await send('POST', '/Patient', { resourceType: 'Patient', meta, name: [{ family: 'test' }] });
    const found = await send('GET', '/Patient?_expiryDate=lt2025&_tag=expiry');
    expect(found.body.entry.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual([body.id]);
    expect((await send('GET', '/Patient?_expiryDate=gt2025&_tag=expiry')).body.entry).toBeUndefined();
  });
});
