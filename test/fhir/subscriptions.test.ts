/** Subscriptions against a real server, which notifies a real receiver. Rules: docs/subscriptions.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';
import { notificationOf, type Receiver, startReceiver } from './subscription-receiver.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';
const folder = mkdtempSync(path.join(tmpdir(), 'subscriptions-'));
const workspaceFile = path.join(folder, 'workspace.json');
writeFileSync(
  workspaceFile,
  JSON.stringify({
    name: 'local',
    services: {
      fhir: { kind: 'fhir', subscriptions: { retrySeconds: 1, errorAfter: 2, offAfter: 4, timeoutSeconds: 2 } },
      strict: { kind: 'fhir', subscriptions: { allow: [] } },
    },
  }),
);

let server: LocalServer;
let receiver: Receiver;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer({ env: { WORKSPACE_FILE: workspaceFile } });
  send = fhirRequests(`${server.url}/fhir`);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
let made: string[] = [];
afterEach(async () => {
  for (const id of made) await send('DELETE', `/Subscription/${id}`);
  made = [];
  await receiver.close();
});

function plain(criteria: string, channel: object = {}, rest: object = {}) {
  return {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria,
    channel: { type: 'rest-hook', endpoint: `${receiver.url}/hook`, payload: 'application/fhir+json', ...channel },
    ...rest,
  };
}

interface TopicOptions {
  readonly content?: string;
  readonly filters?: readonly string[];
  readonly extension?: readonly object[];
  readonly topic?: string;
}

function topical({
  content = 'id-only',
  filters = [],
  extension = [],
  topic = 'Observation-change',
}: TopicOptions = {}) {
  return {
    ...plain(`${server.url}/fhir/SubscriptionTopic/${topic}`, {
      _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: content }] },
      extension,
    }),
    meta: { profile: [`${backport}/backport-subscription`] },
    ...(filters.length > 0 && {
      _criteria: {
        extension: filters.map((valueString) => ({ url: `${backport}/backport-filter-criteria`, valueString })),
      },
    }),
  };
}

async function subscribe(subscription: object): Promise<string> {
  const { status, body } = await send('POST', '/Subscription', subscription);
  expect([status, body.status]).toEqual([201, 'requested']);
  made.push(body.id);
  return body.id;
}

async function becomes(id: string, wanted: string, ms = 30_000): Promise<FhirAnswer> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await send('GET', `/Subscription/${id}`);
    if (answer.body.status === wanted) return answer;
    if (Date.now() > deadline) throw new Error(`Not ${wanted}: ${JSON.stringify(answer.body)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function active(subscription: object): Promise<string> {
  const id = await subscribe(subscription);
  await becomes(id, 'active');
  return id;
}

let count = 0;
async function observe(code: string, value: number, rest: object = {}): Promise<string> {
  const { status, body } = await send('POST', '/Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    valueQuantity: { value, unit: 'mmol/l', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    ...rest,
  });
  expect(status).toBe(201);
  return body.id;
}
const uniqueCode = () => `t-${(count += 1)}-${Math.random().toString(36).slice(2)}`;

describe('Subscription: a search as criteria, told by rest-hook', () => {
  it('is requested, then active, and gets the resource by PUT for a create and an update, not for a delete', async () => {
    const code = uniqueCode();
    const id = await active(plain(`Observation?code=http://loinc.org|${code}`));
    const observation = await observe(code, 5);
    await receiver.until(({ length }) => length === 1);
    const read = await send('GET', `/Observation/${observation}`);
    await send('PUT', `/Observation/${observation}`, { ...read.body, status: 'amended' });
    await receiver.until(({ length }) => length === 2);
    await send('DELETE', `/Observation/${observation}`);
    await observe('other', 5);
    const last = await observe(code, 6);
    const [first, second, third, ...more] = await receiver.until(({ length }) => length === 3);
    expect(first).toMatchObject({ method: 'PUT', url: `/hook/Observation/${observation}` });
    expect(first?.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    expect(JSON.parse(first?.text ?? '')).toMatchObject({ id: observation, meta: { versionId: '1' } });
    expect(JSON.parse(second?.text ?? '')).toMatchObject({ status: 'amended', meta: { versionId: '2' } });
    expect(third?.url).toBe(`/hook/Observation/${last}`);
    expect(more).toEqual([]);
    const history = await send('GET', `/Subscription/${id}/_history`);
    const statuses = history.body.entry.map(
      ({ resource, request }: { resource: { status: string }; request: { method: string } }) => [
        request.method,
        resource.status,
      ],
    );
    expect(statuses).toEqual([
      ['PUT', 'active'],
      ['POST', 'requested'],
    ]);
  });

  it('without payload an empty POST comes, with the headers of the channel', async () => {
    const code = uniqueCode();
    await active(
      plain(`Observation?code=${code}`, { payload: undefined, header: ['Authorization: Bearer a', 'X-A: 1'] }),
    );
    await observe(code, 1);
    const [only] = await receiver.until(({ length }) => length === 1);
    expect(only).toMatchObject({ method: 'POST', url: '/hook', text: '' });
    expect(only?.headers).toMatchObject({ authorization: 'Bearer a', 'x-a': '1', 'content-length': '0' });
  });

  it('the payload may be XML', async () => {
    const code = uniqueCode();
    await active(plain(`Observation?code=${code}`, { payload: 'application/fhir+xml' }));
    await observe(code, 1);
    const [only] = await receiver.until(({ length }) => length === 1);
    expect(only?.headers['content-type']).toBe('application/fhir+xml; charset=utf-8');
    expect(only?.text).toContain('<Observation xmlns="http://hl7.org/fhir">');
  });

  it('ranges and negations decide', async () => {
    const code = uniqueCode();
    await active(plain(`Observation?code=${code}&value-quantity=gt5.4&status:not=cancelled`));
    for (const value of [5, 5.4, 5.5, 7]) await observe(code, value);
    await observe(code, 9, { status: 'cancelled' });
    await observe(code, 8);
    const all = await receiver.until(({ length }) => length === 3);
    expect(all.map(({ text }) => JSON.parse(text).valueQuantity.value)).toEqual([5.5, 7, 8]);
  });

  it('a chain looks at the other resource', async () => {
    const code = uniqueCode();
    const family = `Chain${count}`;
    const { body: patient } = await send('POST', '/Patient', { resourceType: 'Patient', name: [{ family }] });
    const { body: other } = await send('POST', '/Patient', { resourceType: 'Patient', name: [{ family: 'Other' }] });
    await active(plain(`Observation?code=${code}&subject:Patient.family=${family}`));
    await observe(code, 1, { subject: { reference: `Patient/${other.id}` } });
    await observe(code, 2);
    await observe(code, 3, { subject: { reference: `Patient/${patient.id}` } });
    const [only] = await receiver.until(({ length }) => length === 1);
    expect(JSON.parse(only?.text ?? '').valueQuantity.value).toBe(3);
  });

  it('what is written right after the answer to the create is not missed', async () => {
    const code = uniqueCode();
    await subscribe(plain(`Observation?code=${code}`));
    const observation = await observe(code, 1);
    const [only] = await receiver.until(({ length }) => length === 1);
    expect(only?.url).toBe(`/hook/Observation/${observation}`);
  });

  it('the entries of a transaction are told of too', async () => {
    const code = uniqueCode();
    await active(plain(`Observation?code=${code}`));
    const entry = (value: number) => ({
      resource: { resourceType: 'Observation', status: 'final', code: { coding: [{ code }] }, valueInteger: value },
      request: { method: 'POST', url: 'Observation' },
    });
    await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry: [entry(1), entry(2)] });
    const all = await receiver.until(({ length }) => length === 2);
    expect(all.map(({ text }) => JSON.parse(text).valueInteger)).toEqual([1, 2]);
  });

  it('a subscription on Subscription is not told of itself', async () => {
    const id = await active(plain('Subscription?status=active,requested'));
    const other = await active(plain(`Patient?family=${uniqueCode()}`));
    await receiver.until((all) => all.some(({ text }) => JSON.parse(text).status === 'active'));
    expect(receiver.received.map(({ url }) => url)).not.toContain(`/hook/Subscription/${id}`);
    expect(receiver.received.map(({ url }) => url)).toContain(`/hook/Subscription/${other}`);
  });
});

describe('Subscription: what is refused when it is asked for', () => {
  const cases: [rule: string, subscription: () => object, issue: string][] = [
    ['another channel', () => plain('Patient', { type: 'websocket' }), 'not-supported'],
    ['an unknown type', () => plain('Nothing?code=1'), 'invalid'],
    ['an unknown parameter', () => plain('Patient?nonsense=1'), 'not-supported'],
    ['a bad value', () => plain('Patient?birthdate=never'), 'invalid'],
    ['criteria that are no search', () => plain('code=1'), 'invalid'],
    ['an unknown topic', () => plain('http://example.org/SubscriptionTopic/Patient-change'), 'not-supported'],
    ['no endpoint', () => plain('Patient', { endpoint: undefined }), 'invalid'],
    ['a relative endpoint', () => plain('Patient', { endpoint: '/hook' }), 'invalid'],
    ['an endpoint in a private network', () => plain('Patient', { endpoint: 'http://10.0.0.1/hook' }), 'invalid'],
    ['the metadata address', () => plain('Patient', { endpoint: 'http://169.254.169.254/' }), 'invalid'],
    ['another payload', () => plain('Patient', { payload: 'text/plain' }), 'not-supported'],
    ['a header with a line break', () => plain('Patient', { header: ['X-A: 1\r\nX-B: 2'] }), 'invalid'],
    ['a header without name', () => plain('Patient', { header: ['nothing'] }), 'invalid'],
    ['the header Host', () => plain('Patient', { header: ['Host: other'] }), 'invalid'],
    ['the header Content-Length', () => plain('Patient', { header: ['content-length: 5'] }), 'invalid'],
    ['a filter of another type', () => topical({ filters: ['Patient?active=true'] }), 'invalid'],
    [
      'a heartbeat of 0',
      () => topical({ extension: [{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: 0 }] }),
      'value',
    ],
    ['an unknown content', () => topical({ content: 'everything' }), 'value'],
  ];
  it.each(cases)('%s is 400', async (_, subscription, issue) => {
    const answer = await send('POST', '/Subscription', subscription());
    expect([answer.status, answer.issue]).toEqual([400, issue]);
  });

  it('loopback, where the workspace does not allow it', async () => {
    const strict = fhirRequests(`${server.url}/strict`);
    for (const endpoint of ['http://127.0.0.1:1/', 'http://[::ffff:127.0.0.1]/', 'http://2130706433/']) {
      const answer = await strict('POST', '/Subscription', plain('Patient', { endpoint }));
      expect([answer.status, answer.issue]).toEqual([400, 'invalid']);
    }
    const named = await strict('POST', '/Subscription', plain('Patient', { endpoint: `http://localhost:1/` }));
    expect(named.status).toBe(201);
    const notified = receiver.received.length;
    expect(notified).toBe(0);
  });

  it('off and error are stored as they are, and nothing happens', async () => {
    for (const status of ['off', 'error']) {
      const { body } = await send('POST', '/Subscription', plain('Patient', { type: 'websocket' }, { status }));
      expect(body.status).toBe(status);
    }
  });

  it('active is the service’s to say: it becomes requested', async () => {
    const { body } = await send(
      'POST',
      '/Subscription',
      plain(`Patient?family=${uniqueCode()}`, {}, { status: 'active' }),
    );
    made.push(body.id);
    expect(body.status).toBe('requested');
  });

  it('one whose end has passed becomes off', async () => {
    const id = await subscribe(plain('Patient', {}, { end: '2021-01-01T00:00:00Z' }));
    await becomes(id, 'off');
  });
});
