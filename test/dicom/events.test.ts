/** Events: AHDS's DicomImageCreated, -Updated and -Deleted, told to webhooks as Azure Event Grid tells them. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile, newUids } from './instance-file.ts';

interface Told {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects.
  readonly json: any;
}

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A webhook that agrees to be told, unless it is told to answer otherwise. */
async function startWebhook() {
  const state = { told: [] as Told[], status: 200, agrees: true };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const json = text === '' ? undefined : JSON.parse(text);
    state.told.push({ method: request.method ?? '', headers: request.headers, json });
    const code = json?.[0]?.data?.validationCode;
    const allowed = state.agrees ? { 'WebHook-Allowed-Origin': 'eventgrid.azure.net' } : {};
    response.writeHead(code || request.method === 'OPTIONS' ? 200 : state.status, allowed);
    response.end(code && state.agrees ? JSON.stringify({ validationResponse: code }) : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, state },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let last = 0;
let webhook: Awaited<ReturnType<typeof startWebhook>>;
let server: LocalServer | undefined;
beforeEach(async () => {
  webhook = await startWebhook();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  webhook.close();
});

async function start(endpoint: object, { dataDir, ...more }: { dataDir?: string; partitions?: boolean } = {}) {
  last += 1;
  const file = path.join(folder, `${last}.json`);
  const events = { endpoints: [{ url: webhook.url, ...endpoint }], retrySeconds: 1, topic: '/topic' };
  writeFileSync(file, JSON.stringify({ name: 'test', services: { images: { kind: 'dicom', events, ...more } } }));
  server = await startLocalServer({ env: { WORKSPACE_FILE: file }, ...(dataDir !== undefined && { dataDir }) });
  return dicomRequests(`${server.url}/images/v2`);
}

const notifications = () =>
  webhook.state.told.filter(({ method, headers }) => method === 'POST' && headers['aeg-event-type'] === 'Notification');
const told = (count: number) =>
  expect.poll(() => notifications().length, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(count);

async function storeReplaceDelete(api: DicomRequests) {
  const uids = newUids();
  const address = `/studies/${uids.study}/series/${uids.series}/instances/${uids.instance}`;
  expect((await api.store([instanceFile(uids)])).status).toBe(200);
  expect((await api.store([instanceFile(uids)], '/studies', 'PUT')).status).toBe(200);
  expect((await api.send('DELETE', address)).status).toBe(204);
  return { uids, address };
}

describe('Events', () => {
  it('in the Event Grid schema, after a handshake with a validation code', async () => {
    const api = await start({ schema: 'eventgrid' });
    const { uids, address } = await storeReplaceDelete(api);
    await told(3);
    const [handshake] = webhook.state.told;
    expect(handshake?.headers['aeg-event-type']).toBe('SubscriptionValidation');
    expect(handshake?.json[0].eventType).toBe('Microsoft.EventGrid.SubscriptionValidationEvent');
    const events = notifications().map(({ json }) => json[0]);
    expect(events.map(({ eventType }) => eventType)).toEqual([
      'Microsoft.HealthcareApis.DicomImageCreated',
      'Microsoft.HealthcareApis.DicomImageUpdated',
      'Microsoft.HealthcareApis.DicomImageDeleted',
    ]);
    expect(events[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      topic: '/topic',
      subject: `localhost:7071/images/v1${address}`,
      data: {
        partitionName: 'Microsoft.Default',
        imageStudyInstanceUid: uids.study,
        imageSeriesInstanceUid: uids.series,
        imageSopInstanceUid: uids.instance,
        serviceHostName: 'localhost:7071/images',
        sequenceNumber: 1,
      },
      eventType: 'Microsoft.HealthcareApis.DicomImageCreated',
      dataVersion: '1',
      metadataVersion: '1',
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('as CloudEvents 1.0, after the webhook has allowed it', async () => {
    const api = await start({ schema: 'cloudevents' }, { partitions: true });
    const uids = newUids();
    expect((await api.store([instanceFile(uids)], '/partitions/north/studies')).status).toBe(200);
    await told(1);
    expect(webhook.state.told[0]).toMatchObject({
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });
    const [notification] = notifications();
    expect(notification?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(notification?.json).toMatchObject({
      specversion: '1.0',
      type: 'Microsoft.HealthcareApis.DicomImageCreated',
      source: '/topic',
      subject: `localhost:7071/images/v1/partitions/north/studies/${uids.study}/series/${uids.series}/instances/${uids.instance}`,
      data: { partitionName: 'north', sequenceNumber: 1 },
    });
  });

  it('several in one request where the endpoint takes them', async () => {
    const api = await start({ schema: 'cloudevents', maxEventsPerBatch: 10 });
    webhook.state.status = 503;
    await api.store(Array.from({ length: 25 }, () => instanceFile(newUids())));
    await told(1);
    webhook.state.status = 200;
    webhook.state.told.length = 0;
    await told(3);
    expect(notifications()[0]?.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
    expect(
      notifications().flatMap(({ json }) =>
        json.map((event: { data: { sequenceNumber: number } }) => event.data.sequenceNumber),
      ),
    ).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  });

  it('are told at least once and in order through failures and a kill', async () => {
    const dataDir = path.join(folder, 'killed');
    let api = await start({}, { dataDir });
    await storeReplaceDelete(api);
    await told(2);
    webhook.state.status = 500;
    await storeReplaceDelete(api);
    await server?.kill();
    webhook.state.status = 200;
    api = await start({}, { dataDir });
    await storeReplaceDelete(api);
    const all = () => notifications().map(({ json }) => json[0].data.sequenceNumber as number);
    await expect.poll(all, { timeout: 20_000, interval: 20 }).toContain(9);
    const first = [...new Set(all())];
    expect(first).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const ids = new Map(notifications().map(({ json }) => [json[0].id, json[0].data.sequenceNumber]));
    expect(ids.size).toBe(9);
  });

  it('are not told to an endpoint that does not agree', async () => {
    webhook.state.agrees = false;
    const api = await start({ schema: 'cloudevents' });
    await storeReplaceDelete(api);
    await expect.poll(() => webhook.state.told.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(notifications()).toEqual([]);
    webhook.state.agrees = true;
    await told(3);
  });
});
