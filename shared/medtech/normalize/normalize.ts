/** Events → measurements, by a device mapping. */
import type { DeviceEvent } from '../device-event.ts';
import type { DeviceMapping } from '../device-mapping/device-mapping.ts';
import { mappingError, measure } from '../device-mapping/measure.ts';
import { envelopeOf } from '../envelope/envelope.ts';
import { MedtechError } from '../errors.ts';
import type { JsonObject } from '../json/value.ts';
import type { Measurement } from '../measurement.ts';
import type { Ticks } from '../ticks.ts';

export interface Normalized {
  /** In the order of the templates and of their matches. */
  readonly measurements: readonly Measurement[];
  /** What ended the event: later templates were not tried. The measurements found before it count. */
  readonly error?: MedtechError;
}

/** No measurement and no error: no template matched, the event is dropped. */
export function normalize(mapping: DeviceMapping, event: DeviceEvent): Normalized {
  let envelope: JsonObject;
  try {
    envelope = envelopeOf(event);
  } catch (error) {
    if (error instanceof MedtechError) return { measurements: [], error };
    throw error;
  }
  return normalizeEnvelope(mapping, envelope, event.enqueued);
}

export function normalizeEnvelope(mapping: DeviceMapping, envelope: JsonObject, ingestion: Ticks): Normalized {
  const measurements: Measurement[] = [];
  for (const template of mapping.candidates(envelope)) {
    try {
      for (const match of template.match.matches(envelope)) {
        measurements.push(measure(template, envelope, match, ingestion));
      }
    } catch (error) {
      return { measurements, error: mappingError(template, error) };
    }
  }
  return { measurements };
}
