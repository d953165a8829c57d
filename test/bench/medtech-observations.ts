/** Events of devices to Observations in a FHIR service of this process, durable, against plain rows, one a commit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFhirService } from '../../shared/fhir/open-fhir-service.ts';
import type { DeviceEvent } from '../../shared/medtech/device-event.ts';
import { openMedtechService } from '../../shared/medtech/open-medtech-service.ts';
import type { MedtechService } from '../../shared/medtech/service.ts';
import { ticksFromMs } from '../../shared/medtech/ticks.ts';
import { parseWorkspaceFile } from '../../shared/workspace/workspace-file.ts';
import { plainInserts } from './floor.ts';
import { contest } from './rounds.ts';

const aim = { ratio: 0.5 };
const begin = Date.parse('2026-01-01T00:00:00Z');
const devices = 50;
/** AHDS: measurements that are grouped together. */
const batchSize = 300;
const root = path.resolve(import.meta.dirname, '../..');

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  /** Contests whose names have it; empty: all. */
  readonly only: string;
}

export async function benchObservations({ seconds, rounds, only }: Options): Promise<void> {
  const floor = async (time: number) => plainInserts(time);
  const lines = [
    { name: 'MedTech events to new Observations', event: weight },
    { name: 'MedTech events merged by the hour', event: heartRate },
    { name: 'MedTech events that come again', event: (count: number) => weight(count % batchSize) },
  ];
  const asked = lines.filter(({ name }) => name.toLowerCase().includes(only));
  if (asked.length === 0) return;
  const { service, close } = await opened();
  for (const { name, event } of asked) {
    let count = 0;
    const subject = async (time: number) => {
      const started = performance.now();
      const first = count;
      while (performance.now() - started < time * 1000) {
        await service.receive(Array.from({ length: batchSize }, (_, at) => eventOf(event(count + at), count + at)));
        count += batchSize;
      }
      return (count - first) / ((performance.now() - started) / 1000);
    };
    await contest({ name, unit: '/s', floor, subject, aim }, { rounds, seconds });
  }
  let failed = 0;
  for await (const _letter of service.letters.list()) failed += 1;
  await close();
  if (failed > 0) throw new Error(`${failed} events could not be used.`);
}

/** The MedTech service of the default workspace, with its FHIR service, in a folder of its own. */
async function opened(): Promise<{ service: MedtechService; close: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-bench-'));
  const file = path.join(root, 'workspace.json');
  const mappings = {
    deviceMapping: 'local/medtech/mappings/device.json',
    fhirMapping: 'local/medtech/mappings/fhir.json',
  };
  const medtech = { kind: 'medtech', eventHub: 'devicedata', fhirService: 'fhir', resolution: 'Create', ...mappings };
  const text = JSON.stringify({ name: 'bench', services: { fhir: { kind: 'fhir' }, medtech } });
  const { services } = parseWorkspaceFile(text, file);
  const [fhirEntry, entry] = [services.get('fhir'), services.get('medtech')];
  if (fhirEntry?.kind !== 'fhir' || entry?.kind !== 'medtech') throw new Error('The workspace lacks a service.');
  const fhir = await openFhirService({ name: 'fhir', entry: fhirEntry, dataDir });
  const publicUrl = 'http://localhost:7071';
  const fhirService = async () => fhir;
  const service = await openMedtechService({
    name: 'medtech',
    entry,
    dataDir,
    fhirService,
    publicUrl,
    audit: () => {},
  });
  return {
    service,
    close: async () => {
      await service.close();
      await fhir.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

const aboutDevice = (count: number, everyMs: number) => ({
  deviceId: `device-${count % devices}`,
  patientId: `patient-${count % devices}`,
  time: new Date(begin + Math.floor(count / devices) * everyMs).toISOString(),
});

function weight(count: number) {
  return { ...aboutDevice(count, 1000), weight: 60 + (count % 100) / 10 };
}

/** Each device every five seconds, as often as its mapping has a sample. */
function heartRate(count: number) {
  return { ...aboutDevice(count, 5000), heartRate: 60 + (count % 40) };
}

function eventOf(body: object, count: number): DeviceEvent {
  return {
    body: Buffer.from(JSON.stringify(body)),
    properties: {},
    systemProperties: {},
    enqueued: ticksFromMs(begin + count),
    partitionId: '0',
    sequenceNumber: count,
    offset: String(count),
  };
}
