import { fhirJson } from '../../shared/fhir/media-type.ts';
import { outcomeOf, userErrorOf } from '../../shared/fhir/outcome.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { fhirOperations } from './operations.ts';

/** FHIR services: their operations, and failures as OperationOutcome. */
export const fhirKind: ServiceKind<FhirService> = {
  kind: 'fhir',
  operations: fhirOperations,
  renderError: (error, { requestId }) => {
    const failure = userErrorOf(error);
    return {
      status: failure?.status ?? 500,
      headers: { ...failure?.headers, 'Content-Type': fhirJson },
      body: JSON.stringify(outcomeOf(failure ?? error, requestId, new Date())),
    };
  },
};
