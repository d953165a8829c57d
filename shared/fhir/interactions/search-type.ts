import type { FhirRequest, FhirResponse } from './interaction.ts';
import { typeOf } from './resource-type.ts';
import { search } from './search.ts';

/** FHIR R4 3.1.0.9, search over the resources of one type. */
export async function searchType(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  request.audit.resourceType = type;
  return search(request, [type], type);
}
