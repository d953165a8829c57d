import { fhirJson } from '../../shared/fhir/media-type.ts';
import { outcomeOf } from '../../shared/fhir/outcome.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { UserError } from '../../shared/operations/errors.ts';
import { fhirOperations } from './operations.ts';

/** FHIR services: their operations, and failures as OperationOutcome. */
export const fhirKind: ServiceKind<FhirService> = {
  kind: 'fhir',
  operations: fhirOperations,
  renderError: (error, { requestId }) => ({
    status: error instanceof UserError ? error.status : 500,
    headers: { ...(error instanceof UserError && error.headers), 'Content-Type': fhirJson },
    body: JSON.stringify(outcomeOf(error, requestId, new Date())),
  }),
};
