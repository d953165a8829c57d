/** What an update and a patch have in common: a resource that becomes a new version on top of the current one. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { versionOfIfMatch } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { notePatients } from '../patients-touched.ts';
import { parseStored, sameButMeta } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { checkProfiles } from './check-profiles.ts';
import type { FhirRequest } from './interaction.ts';
import { checkedBody, putChange } from './put-change.ts';
import { keepsHistory, versioningOf } from './versioning.ts';
import type { WritePlan } from './write-plan.ts';

/** `current` may be a tombstone; undefined: the id was never used. */
export async function planNewVersion(
  request: FhirRequest,
  resource: Resource,
  id: string,
  current: StoredResource | undefined,
  method: 'PUT' | 'PATCH',
): Promise<WritePlan> {
  const type = resource.resourceType;
  const body = checkedBody(request, resource, id);
  await checkProfiles(request, resource);
  checkIfMatch(request, type, current);
  // AHDS: an update that changes nothing makes no version.
  if (current && !current.deleted && Buffer.compare(current.body, body) === 0) {
    return { status: 200, changes: [], guards: [], existing: current };
  }
  // It may have been another patient's until now.
  if (current) notePatients(request.audit, [current.body], request.base);
  const keepPrevious = keepsHistory(request.service, type) && !dropsPrevious(request, current, resource);
  const key = { type, id, expected: current?.version ?? 0, method, keepPrevious };
  return { status: current ? 200 : 201, changes: [putChange(request, resource, key, body)], guards: [] };
}

/** AHDS: If-Match on an id that does not exist is 404, a stale one 412; without one where the policy asks for it 400. */
export function checkIfMatch(request: FhirRequest, type: string, current: StoredResource | undefined): void {
  const demanded = versionOfIfMatch(request.header('if-match'));
  if (demanded === undefined) {
    if (!current || current.deleted || versioningOf(request.service, type) !== 'versioned-update') return;
    throw new FhirError('required', `If-Match is required: ${type} has the versioning policy versioned-update.`);
  }
  if (!current) throw new FhirError('not-found', 'The resource that If-Match speaks of does not exist.');
  if (demanded === String(current.version)) return;
  throw new FhirError('precondition-failed', `The version is no longer ${demanded}; it is ${current.version}.`);
}

/** AHDS: `_meta-history=false` keeps no previous version where only `meta` has changed. */
function dropsPrevious(request: FhirRequest, current: StoredResource | undefined, resource: Resource): boolean {
  if (!current || current.deleted) return false;
  const asked = request.query.some(([name, value]) => name === '_meta-history' && value === 'false');
  return asked && sameButMeta(parseStored(current), resource);
}
