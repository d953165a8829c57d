/** FHIR R4 3.1.0.7 delete, and AHDS's hard delete. */
import { etagOf } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { notePatients } from '../patients-touched.ts';
import type { FhirService } from '../service.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { requireAccess, requireDefinitionAccess } from './require-access.ts';
import { keyOf } from './resource-type.ts';
import { keepsHistory } from './versioning.ts';
import { type WritePlan, write } from './write-plan.ts';

export function remove(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  return write(request, () => planDelete(request, key));
}

/** A tombstone on top of the current version; nothing when there is nothing to delete. Hard: every version goes. */
export async function planDelete(request: FhirRequest, key: { type: string; id: string }): Promise<WritePlan> {
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  requireDefinitionAccess(request, key.type);
  const hard = isHardDelete(request);
  const current = await request.service.current(key);
  const guards = [] as const;
  if (!current) return { status: 204, changes: [], guards };
  notePatients(request.audit, [current.body], request.base);
  const expected = current.version;
  if (hard) return { status: 204, changes: [{ kind: 'erase', key, expected }], guards };
  if (current.deleted) return { status: 204, changes: [], guards, existing: current };
  return { status: 204, changes: [tombstone(request.service, key, expected)], guards };
}

export function tombstone(service: FhirService, key: { type: string; id: string }, expected: number) {
  const keepPrevious = keepsHistory(service, key.type);
  return { kind: 'put', key, expected, method: 'DELETE', body: undefined, index: [], keepPrevious } as const;
}

/** `_hardDelete=true` (or AHDS's older `hardDelete`) needs the right to it: 403 otherwise. */
export function isHardDelete(request: FhirRequest): boolean {
  const value = request.query.find(([name]) => name === '_hardDelete' || name === 'hardDelete')?.[1];
  if (value === undefined || value === 'false') return false;
  if (value !== 'true') throw new FhirError('invalid', '_hardDelete must be true or false.');
  requireAccess(request, [['delete', 'hardDelete']]);
  return true;
}

/** `DELETE Type/id/$purge-history`: the versions before the current one go for good. */
export function purgeHistory(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  return write(request, async () => {
    const current = await request.service.current(key);
    if (!current)
      throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
    const headers = { ETag: etagOf(current.version) };
    const expected = current.version;
    return { status: 204, changes: [{ kind: 'purge-history', key, expected }], guards: [], headers };
  });
}
