/** FHIR R4 3.1.0.8.1: `If-None-Exist` holds criteria; a resource that matches them is answered instead of creating one. */
import type { Guard, StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { singleMatch } from './criteria.ts';
import type { FhirRequest } from './interaction.ts';
import { requireAccess } from './require-access.ts';
import { typeOf } from './resource-type.ts';
import type { WritePlan } from './write-plan.ts';

/** `create` is what happens when nothing matches. */
export async function planConditionalCreate(request: FhirRequest, create: WritePlan): Promise<WritePlan> {
  const { match, guard } = await conditionalCreateMatch(request);
  if (match) return { status: 200, changes: [], guards: [], existing: match };
  return { ...create, guards: [guard] };
}

export async function conditionalCreateMatch(
  request: FhirRequest,
): Promise<{ match: StoredResource | undefined; guard: Guard }> {
  requireAccess(request, [
    ['read', 'write'],
    ['search', 'create'],
  ]);
  const criteria = (request.header('if-none-exist') ?? '').trim().replace(/^\?/, '');
  if (criteria === '') throw new FhirError('invalid', 'If-None-Exist must hold search criteria.');
  return singleMatch(request, typeOf(request), [...new URLSearchParams(criteria)]);
}
