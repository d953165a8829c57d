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
  for (const { name, mapping: text, body } of contests()) {
    if (!name.toLowerCase().includes(only)) continue;
    const { mapping, problems } = readDeviceMapping(text);
    const events = Array.from({ length: eventCount }, (_, count) => eventOf(body(count), count));
    const dropped = events.filter((event) => normalize(mapping, event).measurements.length === 0).length;
    if (problems.length > 0 || dropped > 0) throw new Error(`${name}: ${dropped} events are no measurements.`);
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

interface Normalizing {
  readonly name: string;
  readonly mapping: string;
  readonly body: (count: number) => object;
}

function contests(): Normalizing[] {
  const samples = sharedData('iomt-fhir-tests/sample-templates');
  const sample = (name: string) => readFileSync(path.join(samples ?? '', name, 'devicecontent.json'), 'utf8');
  const one = { name: 'MedTech normalize, 1 template', mapping: oneTemplate, body: heartRate };
  if (samples === undefined) return [one];
  return [
    one,
    { name: 'MedTech normalize, HealthKit, 17 templates', mapping: sample('healthkitOnFhir'), body: heartRate },
    { name: 'MedTech normalize, IoT Central, 7 templates', mapping: sample('sandbox'), body: iotCentral },
  ];
}

interface BufferedEvent extends DeviceEvent {
  readonly body: Buffer;
}

function eventOf(body: object, count: number): BufferedEvent {
  return {
    body: Buffer.from(JSON.stringify(body)),
    properties: {},
    systemProperties: {
      'x-opt-sequence-number': count,
      'x-opt-offset': String(count * 200),
      'x-opt-enqueued-time': timeOf(count),
      'x-opt-partition-key': deviceOf(count),
    },
    enqueued: ticksFromMs(begin),
    partitionId: '0',
    sequenceNumber: count,
    offset: String(count * 200),
  };
}

const timeOf = (count: number) => new Date(begin + count * 1000).toISOString();
const deviceOf = (count: number) => `device${count % 50}`;

function heartRate(count: number) {
  return { heartRate: 60 + (count % 40), endDate: timeOf(count), deviceId: deviceOf(count) };
}

/** As IoT Central exports a reading of its sample device for patients. */
function iotCentral(count: number) {
  return {
    applicationId: '9ad1c9e6-746e-4895-b6ac-ccd256567364',
    messageSource: 'telemetry',
    deviceId: deviceOf(count),
    schema: 'default@v1',
    templateId: 'dtmi:hpzy1kfcbt2:umua7dplmbd',
    enqueuedTime: timeOf(count),
    telemetry: {
      HeartRate: 60 + (count % 40),
      RespiratoryRate: 15,
      HeartRateVariability: 47,
      BodyTemperature: 98 + (count % 997) / 991,
      BloodPressure: { Systolic: 110 + (count % 30), Diastolic: 70 + (count % 20) },
      Activity: 'resting',
    },
    messageProperties: { 'iothub-creation-time-utc': timeOf(count) },
    enrichments: {},
  };
}

const oneTemplate = JSON.stringify({
  templateType: 'CollectionContent',
  template: [
    {
      templateType: 'JsonPathContent',
      template: {
        typeName: 'heartrate',
        typeMatchExpression: '$..[?(@heartRate)]',
        deviceIdExpression: '$.deviceId',
        timestampExpression: '$.endDate',
        values: [{ valueName: 'hr', valueExpression: '$.heartRate', required: true }],
      },
    },
  ],
});

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
