import type { DeviceEvent } from '../device-event.ts';
import type { MedtechError } from '../errors.ts';
import type { FhirMapping } from '../fhir-mapping/fhir-mapping.ts';
import type { Measurement } from '../measurement.ts';

export interface Normalized {
  readonly measurements: readonly Measurement[];
  /** What ended the event. The measurements found before it count. */
  readonly error?: MedtechError;
}

/** The two mappings that are in force. */
export interface Mappings {
  /** Names their content, for the records of dead letters. */
  readonly version: string;
  readonly normalize: (event: DeviceEvent) => Normalized;
  readonly fhir: FhirMapping;
}
