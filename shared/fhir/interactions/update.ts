/** FHIR R4 3.1.0.4 update, with upsert. */
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { resolveConditionalReferences } from './conditional-references.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { planNewVersion } from './new-version.ts';
import { requireDefinitionAccess } from './require-access.ts';
import { isId, resourceOf, typeOf } from './resource-type.ts';
import { type WritePlan, write } from './write-plan.ts';

export async function update(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  const resource = resourceOf(request, type);
  const id = idOfUpdate(request, resource);
  await resolveConditionalReferences(request, [resource]);
  return write(request, () => planUpdate(request, resource, id));
}

/** The id in the address, which the body must hold too. */
export function idOfUpdate(request: FhirRequest, resource: Resource): string {
  const { id } = request;
  if (!isId(id)) throw new FhirError('invalid', 'An id has 1 to 64 characters: letters, digits, "-" and ".".');
  if (resource.id === undefined)
    throw new FhirError('required', 'The body of an update must hold the id of the resource.');
  if (resource.id !== id) throw new FhirError('invalid', 'The id in the body is not the id in the address.');
  return id;
}

/** Creates the resource, or puts a new version on top of the current one, a tombstone included. */
export async function planUpdate(request: FhirRequest, resource: Resource, id: string): Promise<WritePlan> {
  const type = resource.resourceType;
  request.audit.resourceType = type;
  request.audit.resourceId = id;
  requireDefinitionAccess(request, type);
  const current = await request.service.current({ type, id });
  return planNewVersion(request, resource, id, current, 'PUT');
}
