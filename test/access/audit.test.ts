/** A broad run of a closed server: every request leaves its records, and health data is nowhere in what is logged. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signLocalToken } from '../../shared/access/tokens/local-issuer.ts';
import { attributes } from '../../shared/dicom/attributes.ts';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { multipart } from '../dicom/dicom-requests.ts';
import { instanceFile, newUids } from '../dicom/instance-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';

/** In names, identifiers, texts and query values; a log that has one has health data. */
const marker = 'Zzmarkerzz';
const fhirJson = 'application/fhir+json';

interface AuditLine extends Record<string, unknown> {
  readonly requestId: string;
  readonly operation: string;
}

let folder: string;
let server: LocalServer;
let token: string;
let lines: AuditLine[];
let logged: string;
const answers: { what: string; status: number; requestId: string }[] = [];

async function ask(
  method: string,
  address: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const whole = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${server.url}${address}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'Content-Type': fhirJson }),
      ...headers,
    },
    ...(body !== undefined && { body: whole ? (body as string) : JSON.stringify(body) }),
  });
  answers.push({
    what: `${method} ${address}`,
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? '',
  });
  return response.text();
}

const patient = (id: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family: marker, given: [`${marker}-given`] }],
  identifier: [{ system: 'urn:x', value: `${marker}-1` }],
  ...more,
});
const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: marker },
  subject: { reference: subject },
  valueString: marker,
  ...more,
});
const put = (resource: { resourceType: string; id: string }) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-audited-'));
  server = await startLocalServer({ dataDir: folder, env: { AUTH_ISSUERS: 'local' } });
  const roles = ['FHIR Data Contributor', 'DICOM Data Owner', 'MedTech Data Owner'];
  token = await signLocalToken(folder, { sub: 'auditor', roles }, 5);
  await broadRun();
  await eventsFromDevices();
  await server.stop();
  const text = readdirSync(folder)
    .filter((name) => name.startsWith('audit'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('');
  lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditLine);
  logged = server.output() + text;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function broadRun(): Promise<void> {
  await ask('PUT', '/fhir/Patient/a', patient('a'));
  await ask('PUT', '/fhir/Patient/b', patient('b'));
  await ask('GET', '/fhir/Patient/a');
  await ask('PUT', '/fhir/Observation/o', observation('Patient/a', { id: 'o' }));
  await ask('PUT', '/fhir/Observation/o', observation('Patient/b', { id: 'o' }));
  await ask('GET', '/fhir/Observation/o/_history/1');
  await ask('POST', '/fhir/Observation', observation(`${server.url}/fhir/Patient/a`), { Prefer: 'return=minimal' });
  await ask('GET', `/fhir/Patient?name=${marker}&_count=1`);
  await ask('POST', '/fhir/Patient/_search', `identifier=${marker}-1`, {
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  await ask('GET', `/fhir/Observation?subject:Patient.name=${marker}&_include=Observation:subject`);
  await ask('GET', `/fhir/Patient?_has:Observation:subject:code=${marker}`);
  await ask('GET', '/fhir/Patient/a/$everything');
  await ask('GET', '/fhir/Patient/a/Observation');
  await ask('GET', '/fhir/_history');
  await ask('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      put(patient('c')),
      put(observation('Patient/c', { id: 'oc' }) as never),
      { request: { method: 'GET', url: 'Patient/a' } },
    ],
  });
  await ask('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      put(observation('Patient/b', { id: 'ob' }) as never),
      { request: { method: 'GET', url: `Patient?name=${marker}` } },
      { request: { method: 'GET', url: `${marker}/${marker}` } },
      { request: { method: 'DELETE', url: 'Observation/oc' } },
      put({ ...patient('d'), gender: marker } as never),
    ],
  });
  await ask('DELETE', `/fhir/Observation?code:text=${marker}&_count=100`);
  await ask(
    'PATCH',
    '/fhir/Patient/b',
    [
      { op: 'add', path: '/birthDate', value: '1970-01-01' },
      { op: 'test', path: '/gender', value: marker },
    ],
    { 'Content-Type': 'application/json-patch+json' },
  );
  await badInput();
  await dicom();
}

async function badInput(): Promise<void> {
  await ask('POST', '/fhir/Patient', `{"resourceType":"Patient","name":${marker}}`);
  await ask('POST', '/fhir/Patient', { resourceType: 'Patient', birthDate: marker, [marker]: marker });
  await ask('POST', '/fhir/Patient', `<Patient xmlns="http://hl7.org/fhir"><${marker}/></Patient>`, {
    'Content-Type': 'application/fhir+xml',
  });
  await ask('POST', '/fhir/Patient', patient('x'), { 'Content-Type': marker });
  await ask('POST', '/fhir/Patient/$validate', { resourceType: 'Patient', gender: marker });
  await ask('GET', `/fhir/Patient?birthdate=${marker}&_sort=${marker}`);
  await ask('GET', `/fhir/Patient?ct=${marker}`);
  await ask('GET', `/fhir/Patient?_filter=name eq "${marker}`);
  await ask('GET', `/fhir/Patient?_id=a`, undefined, { Authorization: `Bearer ${marker}.${marker}.${marker}` });
  await ask('GET', `/fhir/Patient?name=${marker}`, undefined, { Authorization: `Basic ${marker}` });
  await ask('PUT', '/fhir/Patient/a', patient('a'), { 'If-Match': marker });
  await ask('POST', '/fhir/Patient', patient('x'), { 'If-None-Exist': `identifier=${marker}` });
  await ask('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [put(patient('e')), put({ ...patient('f'), gender: marker } as never)],
  });
  await ask('POST', '/fhir/Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: marker,
    criteria: `Patient?name=${marker}`,
    channel: { type: 'rest-hook', endpoint: `http://127.0.0.1:9/${marker}` },
  });
}

async function dicom(): Promise<void> {
  const uids = newUids();
  const file = instanceFile(uids, [text(attributes.patientId, 'LO', marker), text(0x00100010, 'PN', `${marker}^X`)]);
  const stow = {
    'Content-Type': 'multipart/related; type="application/dicom"; boundary=XX',
    Accept: 'application/dicom+json',
  };
  const json = { Accept: 'application/dicom+json' };
  await ask('POST', '/dicom/v2/studies', new Uint8Array(multipart([file, Buffer.from(marker)])), stow);
  await ask('GET', `/dicom/v2/studies?PatientName=${marker}`, undefined, json);
  await ask('GET', `/dicom/v2/studies?${marker}=${marker}`, undefined, json);
  await ask('GET', `/dicom/v2/studies?StudyDate=${marker}`, undefined, json);
  await ask('GET', `/dicom/v2/studies/${uids.study}/metadata`, undefined, json);
  await ask('POST', '/dicom/v2/workitems', [{ '00741204': { vr: 'LO', Value: [marker] } }], {
    'Content-Type': 'application/dicom+json',
    ...json,
  });
  await ask('DELETE', `/dicom/v2/studies/${uids.study}`);
  const field = 'X-MS-AZUREDICOM-AUDIT-Site';
  await ask('GET', '/dicom/v2/changefeed', undefined, { [field]: 'north' });
  await ask('GET', '/dicom/v2/changefeed', undefined, { [field]: 'x'.repeat(3000) });
}

/** One that becomes an Observation, and some that cannot. */
async function eventsFromDevices(): Promise<void> {
  const bodies = [
    { deviceId: `${marker}-device`, patientId: `${marker}-patient`, time: '2026-01-01T10:00:00Z', weight: 70 },
    { deviceId: `${marker}-device`, patientId: `${marker}-patient`, time: marker, weight: marker },
    `${marker} {`,
  ];
  for (const body of bodies) {
    const sent = await fetch(`http://localhost:${server.eventHubPort}/devicedata/messages`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(sent.status).toBe(201);
  }
  const found = async () => ask('GET', `/fhir/Device?identifier=${marker}-device&_summary=count`);
  await vi.waitFor(async () => expect(await found()).toMatch(/"total":1/), { timeout: 20_000, interval: 200 });
}

const recordsOf = (operation: string, status: number) =>
  lines.filter((line) => line.operation === operation && line.status === status);

describe('the audit records', () => {
  it('are one for each request, whatever became of it', () => {
    const ids = lines.filter(({ entry }) => entry === undefined).map(({ requestId }) => requestId);
    expect(answers.filter(({ requestId }) => !ids.includes(requestId))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('say who called by which app, which service, and nobody where the token was none', () => {
    expect(recordsOf('fhir-read', 200)[0]).toMatchObject({
      who: 'urn:open-health-data-services:local#auditor',
      client: 'npm run token',
      service: 'fhir',
      method: 'GET',
      path: '/fhir/Patient/a',
    });
    for (const record of recordsOf('fhir-search-type', 401)) expect(record).not.toHaveProperty('who');
    expect(recordsOf('fhir-search-type', 401)).toHaveLength(2);
  });

  it.each<[string, string, number, string[]]>([
    ['a read', 'fhir-read', 200, ['a']],
    ['an update that gives a resource to another patient', 'fhir-update', 200, ['a', 'b']],
    ['an old version', 'fhir-vread', 200, ['a']],
    ['a create that answers nothing', 'fhir-create', 201, ['a']],
    ['everything about one', 'fhir-patient-everything', 200, ['a']],
    ['a search', 'fhir-search-type-post', 200, ['a', 'b']],
    ['a compartment', 'fhir-search-compartment', 200, ['a']],
    ['a history', 'fhir-history-system', 200, ['a', 'b']],
  ])('%s: whose data were touched', (_, operation, status, patients) => {
    const found = recordsOf(operation, status).map((record) => ((record.patients ?? []) as string[]).toSorted());
    expect(found).toContainEqual(patients);
  });

  it('of a bundle are followed by one for each entry, with its own patients and outcome', () => {
    const [whole] = recordsOf('fhir-bundle', 200);
    const entries = lines.filter(({ requestId, entry }) => requestId === whole?.requestId && entry !== undefined);
    expect(whole).toMatchObject({ entries: 3, patients: ['c', 'a'] });
    expect(entries).toMatchObject([
      {
        entry: 1,
        interaction: 'update',
        resourceType: 'Patient',
        resourceId: 'c',
        patients: ['c'],
        outcome: '201',
        who: whole?.who,
      },
      {
        entry: 2,
        interaction: 'update',
        resourceType: 'Observation',
        resourceId: 'oc',
        patients: ['c'],
        outcome: '201',
      },
      { entry: 3, interaction: 'read', resourceType: 'Patient', resourceId: 'a', patients: ['a'], outcome: '200' },
    ]);
    const batch = lines.filter(
      ({ requestId, entry }) => requestId === recordsOf('fhir-bundle', 200)[1]?.requestId && entry !== undefined,
    );
    expect(batch.map(({ interaction, outcome, patients }) => [interaction, outcome, patients])).toEqual([
      ['update', '201', ['b']],
      ['search-type', '200', ['a', 'b', 'c']],
      ['read', '404', undefined],
      ['delete', '204', ['c']],
      ['update', '400', undefined],
    ]);
  });

  it('of what a request deletes or stores are one for each', () => {
    const [deleted] = recordsOf('fhir-conditional-delete', 204);
    const entries = (of: AuditLine | undefined) =>
      lines.filter(({ requestId, entry }) => requestId === of?.requestId && entry !== undefined);
    expect(entries(deleted)).toContainEqual(
      expect.objectContaining({ interaction: 'delete', resourceId: 'o', patients: ['b'] }),
    );
    const [stored] = recordsOf('dicom-store-instances', 202);
    expect(entries(stored).map(({ interaction, outcome }) => [interaction, outcome])).toEqual([
      ['store-instance', 'stored'],
      ['store-instance', expect.stringMatching(/^failed /)],
    ]);
    expect(recordsOf('dicom-delete-study', 204)).toMatchObject([{ count: 1 }]);
  });

  it("have the caller's own fields, of a DICOM service by its own prefix; what is too long is 400", () => {
    expect(recordsOf('dicom-change-feed', 200)).toMatchObject([{ custom: { site: 'north' } }]);
    expect(recordsOf('dicom-change-feed', 400)).toHaveLength(1);
  });

  it('tell of the writes that measurements become, by whose service', () => {
    const written = lines.filter(({ who }) => who === 'medtech/medtech');
    expect(written.map(({ resourceType }) => resourceType)).toEqual(expect.arrayContaining(['Patient', 'Device']));
  });
});

describe('health data', () => {
  it('is nowhere in what the server prints, nor in the audit records, nor is the token', () => {
    const found = logged.split('\n').filter((line) => line.includes(marker) || line.includes(token));
    expect(found).toEqual([]);
    expect(logged.length).toBeGreaterThan(10_000);
  });
});
