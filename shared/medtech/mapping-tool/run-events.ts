import type { Measurement } from '../measurement.ts';
import { normalizeEnvelope } from '../normalize/normalize.ts';
import type { CheckedMappings } from './check-mappings.ts';
import { type Preview, previewObservations } from './preview-observations.ts';
import type { SampleEvent } from './sample-events.ts';

/** What mappings make of events. */
export interface EventsRun {
  /** Of each event. */
  readonly measurements: readonly (readonly Measurement[])[];
  /** `event 3: IncompatibleDataException: …`, by the place of the event, from 1. */
  readonly failures: readonly string[];
  /** Of all events together; nothing without a FHIR mapping. */
  readonly preview: Preview;
}

/** Without a device mapping nothing is found. */
export function runEvents({ device, fhir }: CheckedMappings, events: readonly SampleEvent[]): EventsRun {
  const results = events.map(({ envelope, error, enqueued }) =>
    envelope && device ? normalizeEnvelope(device, envelope, enqueued) : { measurements: [], ...(error && { error }) },
  );
  const measurements = results.map((result) => result.measurements);
  const preview = fhir
    ? previewObservations(fhir, measurements.flat())
    : { observations: [], errors: [], warnings: [] };
  const failures = results.flatMap(({ error }, index) =>
    error ? [`event ${index + 1}: ${error.code}: ${error.message}`] : [],
  );
  return {
    measurements,
    failures: [...failures, ...preview.errors.map(({ code, message }) => `${code}: ${message}`)],
    preview,
  };
}
