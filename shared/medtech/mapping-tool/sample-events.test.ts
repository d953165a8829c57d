import { describe, expect, it } from 'vitest';
import { eventToJson } from '../dead-letter/event-json.ts';
import type { DeviceEvent } from '../device-event.ts';
import { JsonSyntaxError } from '../json/json-syntax-error.ts';
import { Float, PlainText } from '../json/value.ts';
import { readSampleEvents } from './sample-events.ts';

const bodies = (text: string) => readSampleEvents(text).map(({ envelope }) => envelope?.Body);

describe('sample events', () => {
  it('are bodies, alone, in a list, or one a line', () => {
    expect(bodies('{"a":1}')).toEqual([{ a: 1 }]);
    expect(bodies('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(bodies('{"a":1}\n\n{"a":2}\r\n')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(bodies('{\n  // Newtonsoft takes comments\n  "a": 72.0\n}\n')).toEqual([{ a: new Float(72) }]);
  });

  it('are envelopes; texts of properties are no dates there', () => {
    const [event] = readSampleEvents(`{
      "Body": { "a": 1 },
      "Properties": { "iothub-creation-time-utc": "2026-01-01T00:00:00Z" },
      "SystemProperties": { "x-opt-enqueued-time": "2026-01-01T00:00:01Z" } }`);
    expect(event?.envelope).toEqual({
      Body: { a: 1 },
      Properties: { 'iothub-creation-time-utc': new PlainText('2026-01-01T00:00:00Z') },
      SystemProperties: { 'x-opt-enqueued-time': '2026-01-01T00:00:01Z' },
    });
    expect(event?.enqueued).toBe(BigInt(Date.UTC(2026, 0, 1, 0, 0, 1)) * 10_000n);
    expect(bodies('{"Body":1,"other":2}')).toEqual([{ Body: 1, other: 2 }]);
  });

  it('are dead letters', () => {
    const event: DeviceEvent = {
      body: Buffer.from('{"a":1'),
      properties: {},
      systemProperties: {},
      enqueued: 7n,
      partitionId: '0',
      sequenceNumber: 1,
      offset: '1',
    };
    const letter = (body: string) =>
      JSON.stringify({ errors: [], event: eventToJson({ ...event, body: Buffer.from(body) }) });
    expect(readSampleEvents(letter('{"a":1}'))).toEqual([
      { envelope: { Body: { a: 1 }, Properties: {}, SystemProperties: {} }, enqueued: 7n },
    ]);
    expect(readSampleEvents(letter('{"a":1'))[0]?.error?.code).toBe('InvalidDataFormatException');
  });

  it('mistakes are told with their place', () => {
    expect(() => readSampleEvents('{"a":1}\n{"a":')).toThrow(JsonSyntaxError);
    expect(() => readSampleEvents('{"a":1}\n{"a":')).toThrow(expect.objectContaining({ line: 2 }));
    expect(() => readSampleEvents('')).toThrow(JsonSyntaxError);
  });
});
