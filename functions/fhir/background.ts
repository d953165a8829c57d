import { backgroundRows } from '../../shared/fhir/background-rows.ts';
import { queueOf } from '../../shared/fhir/send-work.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import type { BackgroundOperation } from '../../shared/operations/background.ts';
import { runWithService } from '../../shared/operations/service-message.ts';

/** One Function for each row, for all FHIR services. */
export function fhirBackground(serviceOf: (name: string) => Promise<FhirService>): BackgroundOperation[] {
  return backgroundRows.map(({ name, run }) => ({ name: queueOf(name), run: runWithService(serviceOf, run) }));
}
