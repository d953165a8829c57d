/** Events of devices to measurements, on one core, against `JSON.parse` of the same bytes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DeviceEvent } from '../../shared/medtech/device-event.ts';
import { readDeviceMapping } from '../../shared/medtech/device-mapping/read-device-mapping.ts';
import { normalize } from '../../shared/medtech/normalize/normalize.ts';
import { ticksFromMs } from '../../shared/medtech/ticks.ts';
import { sharedData } from '../shared-data.ts';
import { contest } from './rounds.ts';

const aim = { ratio: 0.25 };
const begin = Date.parse('2019-02-01T22:46:01.875Z');
const eventCount = 1000;

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  /** Contests whose names have it; empty: all. */
  readonly only: string;
}

export async function benchMedtech({ seconds, rounds, only }: Options): Promise<void> {
  const events = Array.from({ length: eventCount }, (_, count) => eventOf(count));
  const mappings = [
    ['MedTech normalize, 1 template', oneTemplate()],
    ['MedTech normalize, 17 templates', seventeenTemplates()],
  ] as const;
  for (const [name, text] of mappings) {
    if (text === undefined || !name.toLowerCase().includes(only)) continue;
    const { mapping, problems } = readDeviceMapping(text);
    const found = events.filter((event) => normalize(mapping, event).measurements.length === 1).length;
    if (problems.length > 0 || found !== eventCount)
      throw new Error(`${found} of ${eventCount} events are measurements.`);
    await contest(
      {
        name,
        unit: '/s',
        floor: async (time) => rate(time, events, ({ body }) => JSON.parse(body.toString())),
        subject: async (time) => rate(time, events, (event) => normalize(mapping, event)),
        aim,
      },
      { rounds, seconds },
    );
  }
}

interface BufferedEvent extends DeviceEvent {
  readonly body: Buffer;
}

function eventOf(count: number): BufferedEvent {
  const reading = {
    heartRate: 60 + (count % 40),
    endDate: new Date(begin + count * 1000).toISOString(),
    deviceId: `device${count % 50}`,
  };
  return {
    body: Buffer.from(JSON.stringify(reading)),
    properties: {},
    systemProperties: {
      'x-opt-sequence-number': count,
      'x-opt-offset': String(count * 200),
      'x-opt-enqueued-time': reading.endDate,
      'x-opt-partition-key': reading.deviceId,
    },
    enqueued: ticksFromMs(begin),
    partitionId: '0',
    sequenceNumber: count,
    offset: String(count * 200),
  };
}

function oneTemplate(): string {
  const template = {
    typeName: 'heartrate',
    typeMatchExpression: '$..[?(@heartRate)]',
    deviceIdExpression: '$.deviceId',
    timestampExpression: '$.endDate',
    values: [{ valueName: 'hr', valueExpression: '$.heartRate', required: true }],
  };
  return JSON.stringify({
    templateType: 'CollectionContent',
    template: [{ templateType: 'JsonPathContent', template }],
  });
}

/** The HealthKit mapping of iomt-fhir. */
function seventeenTemplates(): string | undefined {
  const folder = sharedData('iomt-fhir-tests');
  return folder && readFileSync(path.join(folder, 'sample-templates/healthkitOnFhir/devicecontent.json'), 'utf8');
}

let last: unknown;

function rate<Item>(seconds: number, items: readonly Item[], act: (item: Item) => unknown): number {
  const started = performance.now();
  let done = 0;
  for (; performance.now() - started < seconds * 1000; done += items.length) {
    // Kept, so that the work cannot be left out.
    for (const item of items) last = act(item);
  }
  if (last === undefined) throw new Error('Nothing was done.');
  return done / ((performance.now() - started) / 1000);
}
