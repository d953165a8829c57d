/** FHIR R4 3.1.0.8. The client's id and version are ignored; the id is a new GUID. */
import type { Resource } from '../resource/types.ts';
import { checkProfiles } from './check-profiles.ts';
import { planConditionalCreate } from './conditional-create.ts';
import { resolveConditionalReferences } from './conditional-references.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { putChange } from './put-change.ts';
import { requireDefinitionAccess } from './require-access.ts';
import { resourceOf, typeOf } from './resource-type.ts';
import { type WritePlan, write } from './write-plan.ts';

export async function create(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  const resource = resourceOf(request, type);
  await resolveConditionalReferences(request, [resource]);
  await checkProfiles(request, resource);
  const id = request.service.newId();
  const plan = async () => planCreate(request, resource, id);
  if (request.header('if-none-exist') === undefined) return write(request, plan);
  return write(request, async () => planConditionalCreate(request, await plan()));
}

/** A first version under an id that was never used. */
export function planCreate(request: FhirRequest, resource: Resource, id: string): WritePlan {
  const key = { type: resource.resourceType, id, expected: 0, method: 'POST' } as const;
  request.audit.resourceType = key.type;
  request.audit.resourceId = id;
  requireDefinitionAccess(request, key.type);
  return { status: 201, changes: [putChange(request, resource, key)], guards: [] };
}
