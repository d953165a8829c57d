/** FHIR R4 3.1.0.5.3: patch of the one resource that matches criteria. AHDS: without criteria 412, without a match 404. */
import type { Guard, StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { singleMatch } from './criteria.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { planPatch } from './patch.ts';
import { requireAccess } from './require-access.ts';
import { typeOf } from './resource-type.ts';
import { write } from './write-plan.ts';

export async function conditionalPatch(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  return write(request, async () => {
    const { match, guard } = await conditionalPatchMatch(request, type);
    return { ...(await planPatch(request, { type, id: match.id }, match)), guards: [guard] };
  });
}

export async function conditionalPatchMatch(
  request: FhirRequest,
  type: string,
): Promise<{ match: StoredResource; guard: Guard }> {
  requireAccess(request, [
    ['read', 'write'],
    ['search', 'update'],
  ]);
  const pairs = request.query.filter(([name]) => name !== '_meta-history');
  if (pairs.length === 0) throw new FhirError('not-selective', 'A conditional patch needs search criteria.');
  const { match, guard } = await singleMatch(request, type, pairs);
  if (!match) throw new FhirError('not-found', `The criteria match no ${type}.`);
  return { match, guard };
}
