import { FhirError } from '../outcome.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { isId, typeOf } from './resource-type.ts';
import { search } from './search.ts';

/** FHIR R4 3.1.1.2, search in a compartment, over one type or (`*`) over all that it can hold. An unknown type is 404. */
export async function searchCompartment(request: FhirRequest): Promise<FhirResponse> {
  const { compartment: code = '', id, type, service } = request;
  const definition = service.definitions.compartments.get(code);
  if (!definition || !isId(id)) throw new FhirError('not-found', `There is no compartment '${code}' with this id.`);
  const types = type === '*' ? undefined : [typeOf(request)];
  request.audit.resourceType = types?.[0] ?? code;
  return search(request, types, `${code}/${id}/${type}`, { definition, id });
}
