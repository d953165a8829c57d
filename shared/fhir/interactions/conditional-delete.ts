/**
 * FHIR R4 3.1.0.7.1. AHDS: one match is deleted; up to `_count` (1 to 100) when that is given.
 * AHDS differs: it ignores a criterion that it does not know, so that a misspelt one deletes more than was meant.
 */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { matchesOf } from './criteria.ts';
import { isHardDelete, tombstone } from './delete.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { requireAccess, requireDefinitionAccess } from './require-access.ts';
import { typeOf } from './resource-type.ts';
import { type WritePlan, write } from './write-plan.ts';

const notCriteria = new Set(['_hardDelete', 'hardDelete', '_count']);

export function conditionalDelete(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  requireAccess(request, [
    ['read', 'delete'],
    ['search', 'delete'],
  ]);
  requireDefinitionAccess(request, type);
  return write(request, () => planConditionalDelete(request, type));
}

async function planConditionalDelete(request: FhirRequest, type: string): Promise<WritePlan> {
  const most = countOf(request);
  const hard = isHardDelete(request);
  const pairs = request.query.filter(([name]) => !notCriteria.has(name));
  if (pairs.length === 0) throw new FhirError('not-selective', 'A conditional delete needs search criteria.');
  const { found, guard } = await matchesOf(request, type, pairs, { limit: most ?? 2, strict: true });
  if (most === undefined && found.length > 1) {
    throw new FhirError('multiple-matches', `The criteria match more than one ${type}; _count allows that.`);
  }
  request.audit.resourceType = type;
  request.audit.entries = found.map(({ id }) => `${type}/${id}`);
  return {
    status: 204,
    changes: found.map((stored) => deletion(stored, hard)),
    guards: most === undefined ? [guard] : [],
    ...(most !== undefined && { headers: { 'Items-Deleted': String(found.length) } }),
  };
}

function deletion({ type, id, version }: StoredResource, hard: boolean) {
  const key = { type, id };
  return hard ? ({ kind: 'erase', key, expected: version } as const) : tombstone(key, version);
}

function countOf(request: FhirRequest): number | undefined {
  const text = request.query.find(([name]) => name === '_count')?.[1];
  if (text === undefined) return undefined;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 100) throw new FhirError('invalid', '_count of a conditional delete is 1 to 100.');
  return count;
}
