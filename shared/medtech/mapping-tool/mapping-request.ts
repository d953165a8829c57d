/** A request to the mapping tool: `{ "deviceMapping": …, "fhirMapping": …, "events": […], "aggregate": true }`. */
import { requestError } from '../../operations/errors.ts';
import { JsonSyntaxError } from '../json/json-syntax-error.ts';
import { readBody } from '../json/read-body.ts';
import { Float, isArray, isObject, type JsonValue, PlainText } from '../json/value.ts';
import type { MappingTexts } from './check-mappings.ts';
import { type SampleEvent, sampleEvent } from './sample-events.ts';

export interface MappingRequest {
  readonly texts: MappingTexts;
  readonly events: readonly SampleEvent[];
  readonly aggregate: boolean;
}

export const maxEvents = 1000;
/** As of a mapping file. */
const maxMappingLength = 4 * 1024 * 1024;

/** Throws the user error that the request is answered with. */
export function mappingRequest(headers: Headers, body: Uint8Array): MappingRequest {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw requestError('media-type', 'The body must be application/json.');
  const request = parsed(body);
  if (!isObject(request)) throw requestError('bad-request', 'The body must be a JSON object.');
  const { deviceMapping, fhirMapping, events = [], aggregate = false } = request;
  const device = mappingText('deviceMapping', deviceMapping);
  const fhir = mappingText('fhirMapping', fhirMapping);
  if (device === undefined && fhir === undefined) {
    throw requestError('bad-request', 'At least one of deviceMapping and fhirMapping must be there.');
  }
  if (!isArray(events)) throw requestError('bad-request', 'events must be a list.');
  if (events.length > maxEvents) throw requestError('bad-request', `events may have at most ${maxEvents} items.`);
  return {
    texts: { ...(device !== undefined && { device }), ...(fhir !== undefined && { fhir }) },
    events: events.map(sampleEvent),
    aggregate: aggregate === true,
  };
}

function parsed(body: Uint8Array): JsonValue {
  try {
    return readBody(body);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw requestError('bad-request', `The body is no JSON. ${error.message}`);
    throw error;
  }
}

/** The text of a file, or the mapping itself, whose lines are then those of its indented form. */
function mappingText(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = isObject(value)
    ? JSON.stringify(value, plainNumber, 2)
    : value instanceof PlainText
      ? value.text
      : value;
  if (typeof text !== 'string') throw requestError('bad-request', `${name} must be a text or an object.`);
  if (text.length > maxMappingLength) throw requestError('bad-request', `${name} is too long.`);
  return text;
}

function plainNumber(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Float ? value.value : value;
}
