import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';

type Observation = {
  id: string;
  meta: { versionId: string };
  effectivePeriod: { start: string };
  valueQuantity?: { value: number };
  component?: { valueQuantity: { value: number } }[];
};

let folder: string;
let server: LocalServer;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-medtech-'));
  server = await startLocalServer({ dataDir: folder });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(bodies: readonly unknown[], key = 'd'): Promise<void> {
  const endpoint = `Endpoint=sb://localhost:${server.eventHubPort}`;
  const client = new EventHubProducerClient(
    `${endpoint};SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true`,
    'devicedata',
  );
  await client.sendBatch(
    bodies.map((body) => ({ body })),
    { partitionKey: key },
  );
  await client.close();
}

async function observations(device: string): Promise<Observation[]> {
  const client = new Client({ baseUrl: `${server.url}/fhir` });
  const searchParams = { 'device:Device.identifier': device, _count: 1000 };
  const bundle = await client.search({ resourceType: 'Observation', searchParams });
  return ((bundle.entry ?? []) as { resource: Observation }[]).map(({ resource }) => resource);
}

const weight = (deviceId: string, minute: number, kg = 70 + minute) => ({
  deviceId,
  patientId: `patient of ${deviceId}`,
  time: `2026-01-01T10:${String(minute).padStart(2, '0')}:00Z`,
  weight: kg,
});

const soon = { timeout: 20_000, interval: 50 };

describe('events of a real client become Observations', () => {
  it('with Patient and Device made for them', async () => {
    await send([
      weight('scale', 1),
      { ...weight('scale', 2), weight: undefined, systolic: 123, diastolic: 87 },
      { ...weight('scale', 3), weight: undefined, heartRate: 64 },
    ]);
    await vi.waitFor(async () => expect(await observations('scale')).toHaveLength(3), soon);
    const found = await observations('scale');
    expect(found).toContainEqual(
      expect.objectContaining({
        resourceType: 'Observation',
        status: 'final',
        effectivePeriod: { start: '2026-01-01T10:01:00.0000000Z', end: '2026-01-01T10:01:00.0000000Z' },
        valueQuantity: expect.objectContaining({ value: 71, unit: 'kg' }),
      }),
    );
    expect(found.flatMap(({ component = [] }) => component.map(({ valueQuantity }) => valueQuantity.value))).toEqual([
      123, 87,
    ]);
  });

  it('sent once more they change no version; what cannot be used keeps nothing from the others', async () => {
    await send([weight('scale', 1), 'no mapping for this', { weight: 1 }, weight('scale', 9)]);
    await vi.waitFor(async () => expect(await observations('scale')).toHaveLength(4), soon);
    expect((await observations('scale')).map(({ meta }) => meta.versionId)).toEqual(['1', '1', '1', '1']);
  });
});

it('a device may be curl: an event that is posted becomes an Observation', async () => {
  const address = `http://localhost:${server.eventHubPort}/devicedata/messages`;
  const sent = await fetch(address, { method: 'POST', body: JSON.stringify(weight('posted', 1)) });
  expect(sent.status).toBe(201);
  await vi.waitFor(async () => expect(await observations('posted')).toHaveLength(1), soon);
});

it('a mapping that is edited is in force without a restart, a broken one leaves the old one in force', async () => {
  const data = mkdtempSync(path.join(tmpdir(), 'ohds-mapping-'));
  const mapping = (typeName: string) =>
    JSON.stringify({
      templateType: 'CollectionContent',
      template: [
        {
          templateType: 'JsonPathContent',
          template: {
            typeName,
            typeMatchExpression: '$..[?(@weight)]',
            deviceIdExpression: '$.deviceId',
            patientIdExpression: '$.patientId',
            timestampExpression: '$.time',
            values: [{ valueName: 'kg', valueExpression: '$.weight' }],
          },
        },
      ],
    });
  const fhirMapping = path.resolve(import.meta.dirname, '../../local/medtech/mappings/fhir.json');
  const deviceMapping = path.join(data, 'device.json');
  writeFileSync(deviceMapping, mapping('weight'));
  const workspace = path.join(data, 'workspace.json');
  const medtech = {
    kind: 'medtech',
    eventHub: 'devicedata',
    fhirService: 'fhir',
    resolution: 'Create',
    deviceMapping,
    fhirMapping,
  };
  writeFileSync(workspace, JSON.stringify({ name: 'test', services: { fhir: { kind: 'fhir' }, medtech } }));
  const first = server;
  server = await startLocalServer({ env: { WORKSPACE_FILE: workspace } });
  try {
    await send([weight('a', 1)]);
    await vi.waitFor(async () => expect(await observations('a')).toHaveLength(1), soon);
    writeFileSync(deviceMapping, '{ broken');
    await send([weight('a', 2)]);
    await vi.waitFor(async () => expect(await observations('a')).toHaveLength(2), soon);
    writeFileSync(deviceMapping, mapping('heartrate'));
    await send([weight('a', 3)]);
    await vi.waitFor(
      async () =>
        expect((await observations('a')).map(({ valueQuantity }) => valueQuantity === undefined)).toEqual([
          false,
          false,
          true,
        ]),
      soon,
    );
  } finally {
    await server.stop();
    server = first;
    rmSync(data, { recursive: true, force: true });
  }
});

it('SIGKILL in the middle loses no event and makes no Observation twice', async () => {
  const bodies = Array.from({ length: 400 }, (_, number) => ({
    ...weight('kill', number % 60),
    time: new Date(Date.UTC(2026, 1, 1, 0, number)).toISOString(),
  }));
  await send(bodies.slice(0, 200));
  await server.kill();
  server = await startLocalServer({ dataDir: folder });
  await send(bodies.slice(200));
  await vi.waitFor(async () => expect((await observations('kill')).length).toBeGreaterThan(210), soon);
  await server.kill();
  server = await startLocalServer({ dataDir: folder });
  await vi.waitFor(async () => expect(await observations('kill')).toHaveLength(400), soon);
  const starts = (await observations('kill')).map(({ effectivePeriod }) => Date.parse(effectivePeriod.start));
  expect(new Set(starts)).toEqual(new Set(bodies.map(({ time }) => Date.parse(time))));
  expect((await observations('kill')).every(({ meta }) => meta.versionId === '1')).toBe(true);
});
