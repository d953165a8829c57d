import type { FhirRequest, FhirResponse } from './interaction.ts';
import { search } from './search.ts';

/** FHIR R4 3.1.0.9, search over all types, or those that `_type` names. */
export function searchSystem(request: FhirRequest): Promise<FhirResponse> {
  return search(request, undefined, '');
}
