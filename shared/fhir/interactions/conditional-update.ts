/** FHIR R4 3.1.0.4.3: update of the one resource that matches criteria. */
import type { Guard } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { resolveConditionalReferences } from './conditional-references.ts';
import { singleMatch } from './criteria.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { requireAccess } from './require-access.ts';
import { isId, resourceOf, typeOf } from './resource-type.ts';
import { planUpdate } from './update.ts';
import { write } from './write-plan.ts';

export async function conditionalUpdate(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  const resource = resourceOf(request, type);
  const sentId = resource.id;
  await resolveConditionalReferences(request, [resource]);
  return write(request, async () => {
    const { id, guard } = await conditionalUpdateMatch(request, type, sentId);
    return { ...(await planUpdate(request, resource, id)), guards: [guard] };
  });
}

/**
 * The id to update: of the one match, else the one that the client put into the body (`sentId`), else a new one.
 * An id in the body that is not the match's is 400.
 */
export async function conditionalUpdateMatch(
  request: FhirRequest,
  type: string,
  sentId: string | undefined,
): Promise<{ id: string; guard: Guard }> {
  requireAccess(request, [
    ['read', 'write'],
    ['search', 'update'],
  ]);
  const pairs = request.query.filter(([name]) => name !== '_meta-history');
  if (pairs.length === 0) throw new FhirError('invalid', 'A conditional update needs search criteria.');
  if (sentId !== undefined && !isId(sentId)) throw new FhirError('invalid', 'The id in the body is not a valid id.');
  const { match, guard } = await singleMatch(request, type, pairs);
  if (match && sentId !== undefined && sentId !== match.id) {
    throw new FhirError('invalid', 'The id in the body is not the id of the resource that matches.');
  }
  return { id: match?.id ?? sentId ?? request.service.newId(), guard };
}
