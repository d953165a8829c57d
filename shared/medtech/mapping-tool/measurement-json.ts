import type { JsonObject } from '../../fhir/resource/types.ts';
import { rewritten } from '../json/date-text.ts';
import type { Measurement } from '../measurement.ts';

/** A measurement as AHDS's debugger shows it, without what is absent; when it reached the Event Hub is left out. */
export function measurementJson(measurement: Measurement): JsonObject {
  const { type, occurrence, deviceId, patientId, encounterId, correlationId, properties } = measurement;
  return {
    type,
    occurrenceTimeUtc: `${rewritten(occurrence)}Z`,
    deviceId,
    ...(patientId !== undefined && { patientId }),
    ...(encounterId !== undefined && { encounterId }),
    ...(correlationId !== undefined && { correlationId }),
    properties: properties.map(({ name, value }) => ({ name, value })),
  };
}
