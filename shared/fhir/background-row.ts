/**
 * Work of a FHIR service that no request waits for, as rows: a message on the work queue names one of them. Delivery is at
 * least once, so a row's work is idempotent; a row that throws gets its message again, and after a few times it is set aside.
 */
import type { FhirService } from './service.ts';

export interface BackgroundRow {
  /** `reindex`: the queue is `fhir-reindex`, and so is the Function. */
  readonly name: string;
  readonly run: (service: FhirService, message: unknown) => Promise<void>;
}
