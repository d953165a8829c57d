import type { DeviceEvent } from '../device-event.ts';
import { MedtechError } from '../errors.ts';
import { JsonSyntaxError } from '../json/json-syntax-error.ts';
import { readBody } from '../json/read-body.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';

/** What the expressions of a device mapping see of an event. Throws `MedtechError` for a body that is not JSON. */
export function envelopeOf({ body, properties, systemProperties }: DeviceEvent): JsonObject {
  return { Body: bodyOf(body), Properties: properties, SystemProperties: systemProperties };
}

function bodyOf(body: Uint8Array): JsonValue {
  try {
    return readBody(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new MedtechError('InvalidDataFormatException', `The body is not JSON. ${error.message}`);
  }
}
