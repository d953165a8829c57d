import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDeviceMapping } from '../../shared/medtech/device-mapping/read-device-mapping.ts';
import { readBody } from '../../shared/medtech/json/read-body.ts';
import { normalizeEnvelope } from '../../shared/medtech/normalize/normalize.ts';
import { decodeEvent } from '../event-hubs/amqp/decode-event.ts';
import { type Broker, startBroker } from '../event-hubs/broker.ts';
import { EventHubs } from '../event-hubs/event-hubs.ts';
import { simulate } from './simulate.ts';
import { SimulatedDevice } from './simulated-device.ts';

const mappingFile = path.join(import.meta.dirname, 'mappings/device.json');
const { mapping } = readDeviceMapping(readFileSync(mappingFile, 'utf8'));
const hub = { partitions: 4, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 100 };
let folder: string;
let hubs: EventHubs;
let broker: Broker;
const printed: string[] = [];
beforeEach(async () => {
  printed.length = 0;
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((text) => void printed.push(String(text)));
  }
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-simulate-'));
  hubs = await EventHubs.open(folder, new Map([['devicedata', hub]]));
  broker = await startBroker({ hubs, host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await broker.stop();
  await hubs.close();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function bodies(): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (const partition of hubs.hub('devicedata')?.partitions ?? []) {
    for (let position = 0; ; ) {
      const events = await partition.read(position, 100_000);
      if (events.length === 0) break;
      all.push(...events.map(({ message }) => decodeEvent(message).body));
      position = events.at(-1)?.next ?? 0;
    }
  }
  return all;
}

describe('simulated devices', () => {
  it('send as many events as were asked for, and the sample mapping makes one measurement of each', async () => {
    const args = ['--devices', '7', '--rate', '1000', '--seconds', '1', '--connection', broker.connectionString];
    expect(await simulate(args)).toBe(0);
    expect(printed).toEqual([expect.stringMatching(/^1000 events of 7 devices in \d+\.\d s$/)]);
    const all = await bodies();
    expect(all).toHaveLength(1000);
    const types = all.map((body) => {
      const envelope = { Body: readBody(body), Properties: {}, SystemProperties: {} };
      const { measurements, error } = normalizeEnvelope(mapping, envelope, 0n);
      expect(error).toBeUndefined();
      expect(measurements).toHaveLength(1);
      return measurements[0]?.type;
    });
    expect(new Set(types)).toEqual(new Set(['heartrate', 'bloodpressure', 'weight']));
    const times = all.map((body) => JSON.parse(Buffer.from(body).toString()));
    for (const events of Map.groupBy(times, ({ deviceId }) => deviceId).values()) {
      const own = events.map(({ time }) => time);
      expect(own).toEqual(own.toSorted());
      expect(new Set(own).size).toBe(own.length);
    }
  });

  it('says in one line that the hub cannot be sent to', async () => {
    expect(await simulate(['--hub', 'other', '--seconds', '1', '--connection', broker.connectionString])).toBe(1);
    expect(printed).toEqual([expect.stringContaining('other cannot be sent to: ')]);
  });

  it.each([
    ['--rate', 'fast'],
    ['--devices', '0'],
    ['--seconds', '-1'],
  ])('refuses %s %s', async (name, value) => {
    expect(await simulate([`${name}=${value}`])).toBe(2);
  });

  it('has the same values for the same seed, others for another, and all of them plausible', () => {
    const values = (seed: number) => {
      const devices = Array.from({ length: 20 }, (_, number) => new SimulatedDevice(number, seed));
      return Array.from({ length: 4000 }, (_, index) => devices[index % 20]?.next(new Date(index * 1000)) ?? {});
    };
    expect(values(3)).toEqual(values(3));
    expect(values(3)).not.toEqual(values(4));
    for (const { heartRate = 70, systolic = 120, diastolic = 80, weight = 70 } of values(5) as Record<
      string,
      number
    >[]) {
      expect(heartRate).toBeGreaterThanOrEqual(42);
      expect(heartRate).toBeLessThanOrEqual(170);
      expect(systolic - diastolic).toBeGreaterThanOrEqual(25);
      expect(diastolic).toBeGreaterThan(20);
      expect(weight).toBeGreaterThanOrEqual(40);
      expect(weight).toBeLessThanOrEqual(160);
    }
  });
});
