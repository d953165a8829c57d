/** FHIR R4 3.1.0.5 patch: the current version is read, changed, validated, and becomes a new version. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { resolveConditionalReferences } from './conditional-references.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { checkIfMatch, planNewVersion } from './new-version.ts';
import { requireDefinitionAccess } from './require-access.ts';
import { keyOf } from './resource-type.ts';
import { type WritePlan, write } from './write-plan.ts';

export function patch(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  return write(request, async () => planPatch(request, key, await request.service.current(key)));
}

/** The patch of the request applied to `current`: 404 without one, 410 when it is deleted. */
export async function planPatch(
  request: FhirRequest,
  key: { type: string; id: string },
  current: StoredResource | undefined,
): Promise<WritePlan> {
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  requireDefinitionAccess(request, key.type);
  const { applyPatch } = await import('../patch/apply-patch.ts');
  if (!current) {
    throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  }
  checkIfMatch(request, key.type, current);
  if (current.deleted) throw new FhirError('deleted', `Resource type '${key.type}' with id '${key.id}' was deleted.`);
  const resource: Resource = applyPatch(request, parseStored(current));
  await resolveConditionalReferences(request, [resource]);
  return planNewVersion(request, resource, key.id, current, 'PATCH');
}
