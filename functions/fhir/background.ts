import { backgroundRows } from '../../shared/fhir/background-rows.ts';
import { type Envelope, queueOf } from '../../shared/fhir/send-work.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import type { BackgroundOperation } from '../../shared/operations/background.ts';

/** One Function for each row, for all FHIR services: the message says which of them it belongs to. */
export function fhirBackground(serviceOf: (name: string) => Promise<FhirService>): BackgroundOperation[] {
  return backgroundRows.map(({ name, run }) => ({
    name: queueOf(name),
    run: async (text) => {
      const { service, message } = JSON.parse(text) as Envelope;
      await run(await serviceOf(service), message);
    },
  }));
}
