import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileBlobStore } from '../../stores/embedded/file-blob-store.ts';
import type { DeviceEvent } from '../device-event.ts';
import { Float, Instant, PlainText } from '../json/value.ts';
import { event, openTestIngest } from '../testing/ingesting.ts';
import { MemoryFhir } from '../testing/memory-fhir.ts';
import { at } from '../testing/readings.ts';
import { type DeadLetter, type DeadLetterRange, DeadLetters } from './dead-letters.ts';
import { eventFromJson, eventToJson } from './event-json.ts';
import { replay } from './replay.ts';

let folder: string;
let letters: DeadLetters;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-dead-letter-'));
  letters = new DeadLetters(await FileBlobStore.open(folder, () => {}));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-01-02T03:04:05.006Z');
const errors = [{ name: 'InvalidDataFormatException', message: 'why' }];

async function all(range?: DeadLetterRange, after?: string): Promise<DeadLetter[]> {
  return Array.fromAsync(letters.list(range, after));
}

const odd: DeviceEvent = {
  ...event('{"a":1}{'),
  body: Buffer.from([0, 255, 128, 10]),
  properties: {
    text: new PlainText('2019-02-01T22:00:00Z'),
    date: '2019-02-01T22:00:00Z',
    float: new Float(72),
    nan: Number.NaN,
    big: 12345678901234567890n,
    list: [1, null, true, { '@kind': 'text', value: 'mine' }],
  },
  systemProperties: { 'iothub-enqueuedtime': new Instant(at('2019-02-01T22:00:00.1234567Z')) },
};

it('an event comes back from JSON as it was', () => {
  expect(eventFromJson(JSON.parse(JSON.stringify(eventToJson(odd))))).toEqual(odd);
});

describe('dead letters', () => {
  it('hold the event, why and when it failed, and the version of the mappings; each event once', async () => {
    for (let time = 0; time < 2; time += 1) {
      await letters.add({ mappingVersion: `v${time}`, failed: [{ event: odd, errors }] }, now);
    }
    expect(await all()).toEqual([
      { name: expect.any(String), time: now.toISOString(), errors, mappingVersion: 'v0', event: odd },
    ]);
  });

  it('are listed in the order in which the events came, also by time and over pages', async () => {
    const failed = Array.from({ length: 250 }, () => ({ event: event('x', at('2019-02-01T23:00:00Z')), errors }));
    const [, first, last] = [0, 10, 240].map((index) => failed[index]?.event.enqueued);
    await letters.add({ mappingVersion: 'v', failed: failed.toReversed() }, now);
    const found = await all();
    expect(found.map((letter) => letter.event.sequenceNumber)).toEqual(failed.map((each) => each.event.sequenceNumber));
    const range = { ...(first !== undefined && { since: first }), ...(last !== undefined && { until: last }) };
    expect(await all(range)).toEqual(found.slice(10, 240));
    expect(await all(range, found[238]?.name)).toEqual([found[239]]);
  });

  it('of no events are no files', async () => {
    await letters.add({ mappingVersion: 'v', failed: [] }, now);
    expect(await all()).toEqual([]);
  });
});

describe('a replay', () => {
  const hr = (minute: string) => ({
    type: 'hr',
    time: `2019-02-01T22:${minute}:00Z`,
    device: 'd',
    values: { hr: '60' },
  });

  /** Three letters: one without a patient, one that is no JSON, one of an unknown type. */
  async function failed(fhir: MemoryFhir) {
    const { ingest } = openTestIngest(fhir);
    await letters.add(
      await ingest([event([hr('00')]), event('no JSON'), event([{ ...hr('01'), type: 'other' }])]),
      now,
    );
    expect((await all()).map((letter) => letter.errors[0]?.name)).toEqual([
      'PatientIdentityNotDefinedException',
      'InvalidDataFormatException',
      'TemplateNotFoundException',
    ]);
    return ingest;
  }

  it('removes what can be used now, keeps the rest, and does no more when it is done again', async () => {
    const fhir = new MemoryFhir();
    const ingest = await failed(fhir);
    fhir.put({ resourceType: 'Device', id: 'd', identifier: [{ value: 'd' }], patient: { reference: 'Patient/p' } });
    const first = await replay(letters, ingest, { limit: 10 });
    expect([first.succeeded, first.failed.map((each) => each.errors[0]?.name), first.next]).toEqual([
      1,
      ['InvalidDataFormatException', 'TemplateNotFoundException'],
      undefined,
    ]);
    expect(fhir.all('Observation')).toHaveLength(1);
    const { writes } = fhir;
    expect((await replay(letters, ingest, { limit: 10 })).succeeded).toBe(0);
    expect([fhir.writes, (await all()).length]).toEqual([writes, 2]);
  });

  it('looks at some at a time, and at those of some errors only', async () => {
    const fhir = new MemoryFhir();
    const ingest = await failed(fhir);
    const names = (await all()).map(({ name }) => name);
    const first = await replay(letters, ingest, { limit: 2 });
    expect([first.failed.map(({ name }) => name), first.next]).toEqual([names.slice(0, 2), names[1]]);
    const rest = await replay(letters, ingest, { limit: 2, ...(first.next !== undefined && { after: first.next }) });
    expect([rest.failed.map(({ name }) => name), rest.next]).toEqual([names.slice(2), undefined]);
    const some = await replay(letters, ingest, { limit: 10, errors: ['TemplateNotFoundException'] });
    expect(some.failed.map(({ name }) => name)).toEqual(names.slice(2));
  });
});
