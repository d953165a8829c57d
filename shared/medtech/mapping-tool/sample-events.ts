/** Events in a file or a request: bodies, envelopes, dead letters, alone, in a list, or one a line. */

import { eventFromJson, type Plain } from '../dead-letter/event-json.ts';
import type { DeviceEvent } from '../device-event.ts';
import { envelopeOf } from '../envelope/envelope.ts';
import { plainTexts } from '../envelope/trigger-events.ts';
import { MedtechError } from '../errors.ts';
import { dateTicks } from '../json/date-text.ts';
import { JsonSyntaxError } from '../json/json-syntax-error.ts';
import { LenientReader } from '../json/lenient-reader.ts';
import { readJson } from '../json/read-body.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json/value.ts';
import type { Ticks } from '../ticks.ts';

export interface SampleEvent {
  /** What the expressions see; undefined where the body is no JSON. */
  readonly envelope?: JsonObject;
  readonly error?: MedtechError;
  /** When it reached the Event Hub; where the sample does not tell, one tick after the one before. */
  readonly enqueued: Ticks;
}

/** Throws `JsonSyntaxError`. */
export function readSampleEvents(text: string): SampleEvent[] {
  return valuesOf(text).map(sampleEvent);
}

export function sampleEvent(value: JsonValue, index = 0): SampleEvent {
  if (isObject(value) && isRecorded(value)) return recorded(value.event as JsonObject);
  const { Body, Properties, SystemProperties } = isObject(value) && isEnvelope(value) ? value : { Body: value };
  const system = isObject(SystemProperties ?? null) ? (SystemProperties as JsonObject) : {};
  const envelope = {
    Body: Body ?? null,
    Properties: plainTexts(isObject(Properties ?? null) ? (Properties as JsonObject) : {}),
    SystemProperties: system,
  };
  const enqueued = system['x-opt-enqueued-time'];
  return { envelope, enqueued: (typeof enqueued === 'string' && dateTicks(enqueued)) || BigInt(index) };
}

/** The events of a list, or of one JSON value a line. */
function valuesOf(text: string): readonly JsonValue[] {
  const lines = text.split(/\r?\n/);
  const whole = lines.length > 1 ? oneValue(text) : readJson(text);
  if (whole === undefined) return lines.flatMap((line, index) => (line.trim() === '' ? [] : [lineValue(line, index)]));
  return isArray(whole) ? whole : [whole];
}

/** Undefined where more than one value stands in the text. */
function oneValue(text: string): JsonValue | undefined {
  const reader = new LenientReader(text);
  const value = reader.first();
  try {
    reader.end();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
  return value;
}

function lineValue(line: string, index: number): JsonValue {
  try {
    return readJson(line);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new JsonSyntaxError('This event is no JSON.', index + 1, error.column);
  }
}

function isEnvelope(value: JsonObject): boolean {
  const names = Object.keys(value);
  return names.includes('Body') && names.every((name) => ['Body', 'Properties', 'SystemProperties'].includes(name));
}

/** A dead letter has the event as it came. */
function isRecorded({ event }: JsonObject): boolean {
  return (
    isObject(event ?? null) && typeof (event as JsonObject).body === 'string' && 'enqueued' in (event as JsonObject)
  );
}

function recorded(value: JsonObject): SampleEvent {
  const event: DeviceEvent = eventFromJson(value as Plain);
  try {
    return { envelope: envelopeOf(event), enqueued: event.enqueued };
  } catch (error) {
    if (error instanceof MedtechError) return { error, enqueued: event.enqueued };
    throw error;
  }
}
