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
      ...(extension.length > 0 && { extension }),
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
function uniqueCode(): string {
  count += 1;
  return `t-${count}-${Math.random().toString(36).slice(2)}`;
}

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

describe('Subscription by topic: the R5 backport', () => {
  it('a handshake comes first, then notifications with numbers', async () => {
    const code = uniqueCode();
    const id = await active(topical({ filters: [`Observation?code=${code}`] }));
    const [handshake] = receiver.received.map(notificationOf);
    expect(handshake).toMatchObject({ type: 'handshake', status: 'requested', since: 0, events: [], entries: [] });
    expect(handshake?.bundle).toMatchObject({
      resourceType: 'Bundle',
      type: 'history',
      meta: { profile: [`${backport}/backport-subscription-notification-r4`] },
      entry: [
        {
          resource: { resourceType: 'Parameters', meta: { profile: [`${backport}/backport-subscription-status-r4`] } },
          request: { method: 'GET', url: `${server.url}/fhir/Subscription/${id}/$status` },
          response: { status: '200' },
        },
      ],
    });
    expect(handshake?.value('subscription')).toEqual({ reference: `${server.url}/fhir/Subscription/${id}` });
    expect(handshake?.value('topic')).toBe(`${server.url}/fhir/SubscriptionTopic/Observation-change`);

    const first = await observe(code, 1);
    await receiver.until(({ length }) => length === 2);
    const second = await observe(code, 2);
    const all = (await receiver.until(({ length }) => length === 3)).map(notificationOf);
    const focus = (of: string) => `${server.url}/fhir/Observation/${of}`;
    expect(all[1]).toMatchObject({
      type: 'event-notification',
      status: 'active',
      since: 1,
      events: [{ number: 1, focus: focus(first) }],
    });
    expect(all[2]).toMatchObject({ since: 2, events: [{ number: 2, focus: focus(second) }] });
    expect(all[2]?.entries).toEqual([
      {
        fullUrl: focus(second),
        request: { method: 'POST', url: 'Observation' },
        response: { status: '201', etag: 'W/"1"' },
      },
    ]);
  });

  it('full-resource has the version that the event is about', async () => {
    const code = uniqueCode();
    await active(topical({ content: 'full-resource', filters: [`Observation?code=${code}`] }));
    const observation = await observe(code, 1);
    const [, told] = (await receiver.until(({ length }) => length === 2)).map(notificationOf);
    expect(told?.entries).toMatchObject([{ resource: { id: observation, valueQuantity: { value: 1 } } }]);
  });

  it('empty says only that there is something', async () => {
    const code = uniqueCode();
    await active(topical({ content: 'empty', filters: [`Observation?code=${code}`] }));
    const observation = await observe(code, 1);
    const [, told] = await receiver.until(({ length }) => length === 2);
    expect(told?.text).not.toContain(observation);
    expect(notificationOf(told ?? { text: '' })).toMatchObject({
      since: 1,
      entries: [],
      events: [{ number: 1, focus: undefined }],
    });
  });

  it('all filters must be met; a topic may be about creates only', async () => {
    const code = uniqueCode();
    const filters = [`Observation?code=${code}`, 'Observation?value-quantity=gt3'];
    await active(topical({ topic: 'Observation-create', filters }));
    await observe(code, 1);
    const wanted = await observe(code, 5);
    await send('PUT', `/Observation/${wanted}`, {
      ...(await send('GET', `/Observation/${wanted}`)).body,
      status: 'amended',
    });
    const later = await observe(code, 6);
    const told = (await receiver.until((all) => all.some(({ text }) => text.includes(later)))).map(notificationOf);
    expect(told.flatMap(({ events }) => events.map(({ focus }) => focus?.split('/').at(-1)))).toEqual([wanted, later]);
  });

  it('a failed handshake leaves it requested and is tried again', async () => {
    receiver.answer = 500;
    const id = await subscribe(topical());
    await receiver.until(({ length }) => length >= 1);
    expect((await send('GET', `/Subscription/${id}`)).body.status).toBe('requested');
    receiver.answer = 200;
    await becomes(id, 'active');
    expect(new Set(receiver.received.map((one) => notificationOf(one).type))).toEqual(new Set(['handshake']));
  });

  it('heartbeats come while nothing happens', async () => {
    const extension = [{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: 1 }];
    await active(topical({ filters: [`Observation?code=${uniqueCode()}`], extension }));
    const all = (await receiver.until(({ length }) => length >= 3)).map(notificationOf);
    expect(all.slice(1).map(({ type, since, events }) => [type, since, events])).toEqual(
      all.slice(1).map(() => ['heartbeat', 0, []]),
    );
  });

  it('a burst is told in order, no number left out, and never more at once than max-count', async () => {
    const code = uniqueCode();
    const extension = [{ url: `${backport}/backport-max-count`, valuePositiveInt: 7 }];
    await active(topical({ filters: [`Observation?code=${code}`], extension }));
    const before = server.rss();
    const bundle = (from: number) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: Array.from({ length: 250 }, (_, at) => ({
        resource: {
          resourceType: 'Observation',
          id: `${code}-${from + at}`,
          status: 'final',
          code: { coding: [{ code }] },
          note: [{ text: 'x'.repeat(1000) }],
        },
        request: { method: 'PUT', url: `Observation/${code}-${from + at}` },
      })),
    });
    for (const from of [1, 251, 501, 751]) expect((await send('POST', '', bundle(from))).status).toBe(200);
    const done = ({ text }: { text: string }) => text.includes(`${code}-1000"`);
    const told = (await receiver.until((all) => all.some(done), 60_000)).map(notificationOf);
    const events = told.flatMap((one) => one.events);
    expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1));
    expect(events.map(({ focus }) => focus?.split(`${code}-`)[1])).toEqual(events.map(({ number }) => String(number)));
    expect(Math.max(...told.map((one) => one.events.length))).toBeLessThanOrEqual(7);
    expect(server.rss() - before).toBeLessThan(150);
  });

  it('$status and $events tell how far it has come', async () => {
    const code = uniqueCode();
    const id = await active(topical({ filters: [`Observation?code=${code}`] }));
    const observations = [await observe(code, 1), await observe(code, 2), await observe(code, 3)];
    await receiver.until((all) => all.some((one) => notificationOf(one).since === 3));
    for (const answer of [
      await send('GET', `/Subscription/${id}/$status`),
      await send('POST', `/Subscription/${id}/$status`, { resourceType: 'Parameters' }),
      await send('GET', `/Subscription/$status?id=${id}&status=active`),
    ]) {
      expect([answer.status, answer.body.type, answer.body.total]).toEqual([200, 'searchset', 1]);
      expect(answer.body.entry[0].resource.parameter).toEqual([
        { name: 'subscription', valueReference: { reference: `${server.url}/fhir/Subscription/${id}` } },
        { name: 'topic', valueCanonical: `${server.url}/fhir/SubscriptionTopic/Observation-change` },
        { name: 'status', valueCode: 'active' },
        { name: 'type', valueCode: 'query-status' },
        { name: 'events-since-subscription-start', valueString: '3' },
      ]);
    }
    expect((await send('GET', `/Subscription/$status?id=${id}&status=off`)).body.total).toBe(0);
    const path = `/Subscription/${id}/$events?eventsSinceNumber=2&eventsUntilNumber=3&content=full-resource`;
    const { status, body } = await send('GET', path);
    const told = notificationOf({ text: JSON.stringify(body) });
    expect([status, told.type, told.since]).toEqual([200, 'query-event', 3]);
    expect(told.events.map(({ number }) => number)).toEqual([2, 3]);
    expect(told.entries.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual(
      observations.slice(1),
    );
  });

  it.each([
    ['GET', '/Subscription/nobody/$status', 404, 'not-found'],
    ['GET', '/Subscription/nobody/$events', 404, 'not-found'],
    ['GET', '/Subscription/$status?status=fine', 400, 'invalid'],
    ['GET', '/Subscription/$status?id=a_b', 400, 'invalid'],
  ])('%s %s is %s', async (method, address, status, issue) => {
    expect(await send(method, address)).toMatchObject({ status, issue });
  });

  it('$events refuses numbers and contents that are none', async () => {
    const id = await active(topical({ filters: [`Observation?code=${uniqueCode()}`] }));
    for (const query of ['eventsSinceNumber=-1', 'eventsUntilNumber=x', 'content=all']) {
      expect(await send('GET', `/Subscription/${id}/$events?${query}`)).toMatchObject({
        status: 400,
        issue: 'invalid',
      });
    }
  });

  it('the CapabilityStatement lists the topics', async () => {
    const { body } = await send('GET', '/metadata');
    const { extension, operation } = body.rest[0].resource.find(
      ({ type }: { type: string }) => type === 'Subscription',
    );
    expect(extension).toContainEqual({
      url: `${backport}/capabilitystatement-subscriptiontopic-canonical`,
      valueCanonical: `${server.url}/fhir/SubscriptionTopic/Patient-change`,
    });
    expect(operation.map(({ name }: { name: string }) => name)).toEqual(['status', 'events']);
  });
});

describe('Subscription: an endpoint that fails', () => {
  it('is tried again, marked error with the reason, and recovers without loss', async () => {
    const code = uniqueCode();
    const id = await active(plain(`Observation?code=${code}`));
    receiver.answer = 503;
    const observations = [await observe(code, 1), await observe(code, 2)];
    const failed = await becomes(id, 'error');
    expect(failed.body.error).toContain('503');
    observations.push(await observe(code, 3));
    receiver.answer = 200;
    const from = receiver.received.length;
    const all = await receiver.until(({ length }) => length >= from + 3);
    expect(all.slice(from).map(({ url }) => url.split('/').at(-1))).toEqual(observations);
    expect((await becomes(id, 'active')).body.error).toBeUndefined();
  });

  it('is off after the limit, and can be asked for again', async () => {
    const code = uniqueCode();
    const id = await active(plain(`Observation?code=${code}`));
    receiver.answer = 500;
    await observe(code, 1);
    const off = await becomes(id, 'off', 60_000);
    expect(off.body.error).toContain('500');
    expect(receiver.received.length).toBe(4);
    receiver.answer = 200;
    await observe(code, 2);
    await send('PUT', `/Subscription/${id}`, { ...off.body, status: 'requested' });
    await becomes(id, 'active');
    const observation = await observe(code, 3);
    const all = await receiver.until(({ length }) => length >= 5);
    expect(all.slice(4).map(({ url }) => url.split('/').at(-1))).toEqual([observation]);
  });

  it('a redirect is a failure and is not followed', async () => {
    const other = await startReceiver();
    const code = uniqueCode();
    const id = await active(plain(`Observation?code=${code}`));
    receiver.answer = 307;
    receiver.headers = { Location: `${other.url}/elsewhere` };
    await observe(code, 1);
    expect((await becomes(id, 'error')).body.error).toContain('307');
    expect(other.received).toEqual([]);
    await other.close();
  });

  it('one that never answers delays no other subscription and no client', async () => {
    const fast = await startReceiver();
    const code = uniqueCode();
    await active(plain(`Observation?code=${code}`));
    await active(plain(`Observation?code=${code}`, { endpoint: `${fast.url}/fast` }));
    receiver.answer = 'never';
    for (const value of [1, 2, 3]) await observe(code, value);
    await fast.until(({ length }) => length === 3);
    expect(receiver.received.length).toBeLessThanOrEqual(1);
    await fast.close();
  });

  it('a client’s change while it is delivered is never lost: off stays off', async () => {
    const code = uniqueCode();
    const id = await active(plain(`Observation?code=${code}`));
    receiver.answer = 500;
    await observe(code, 1);
    await receiver.until(({ length }) => length >= 1);
    const read = await send('GET', `/Subscription/${id}`);
    const put = await send('PUT', `/Subscription/${id}`, { ...read.body, status: 'off' });
    expect([put.status, put.body.status]).toEqual([200, 'off']);
    const noted = async () => (await send('GET', `/Subscription/${id}/$status`)).body.entry[0].resource.parameter;
    while ((await noted()).some(({ valueString }: { valueString?: string }) => valueString === '1'));
    const after = await send('GET', `/Subscription/${id}`);
    expect([after.body.status, after.body.meta.versionId]).toEqual(['off', put.body.meta.versionId]);
  });
});

describe('Subscription: a server that is killed', () => {
  it('between the answer to a write and its delivery, tells of it after the restart', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'subscriptions-killed-'));
    const one = await startLocalServer({ dataDir });
    const first = fhirRequests(`${one.url}/fhir`);
    const code = uniqueCode();
    const { body } = await first('POST', '/Subscription', plain(`Observation?code=${code}`));
    while ((await first('GET', `/Subscription/${body.id}`)).body.status !== 'active');
    const observation = { resourceType: 'Observation', status: 'final', code: { coding: [{ code }] } };
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await first('POST', '/Observation', observation)).body.id);
    await one.kill();
    const two = await startLocalServer({ dataDir });
    await receiver.until((all) => ids.every((id) => all.some(({ url }) => url.endsWith(id))));
    const order = [...new Set(receiver.received.map(({ url }) => url.split('/').at(-1)))];
    expect(order).toEqual(ids);
    await two.stop();
    rmSync(dataDir, { recursive: true });
  });
});
