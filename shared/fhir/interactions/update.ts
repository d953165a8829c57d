/** FHIR R4 3.1.0.4 update, with upsert. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { versionOfIfMatch } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { parseStored, sameButMeta } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { checkProfiles } from './check-profiles.ts';
import { resolveConditionalReferences } from './conditional-references.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { checkedBody, putChange } from './put-change.ts';
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
  const demanded = versionOfIfMatch(request.header('if-match'));
  const body = checkedBody(request, resource, id);
  await checkProfiles(request, resource);
  const current = await request.service.store.read({ type, id });
  checkIfMatch(demanded, current);
  // AHDS: an update that changes nothing makes no version.
  if (current && !current.deleted && Buffer.compare(current.body, body) === 0) {
    return { status: 200, changes: [], guards: [], existing: current };
  }
  const keepPrevious = !(current && !current.deleted && dropsPrevious(request, current, resource));
  const key = { type, id, expected: current?.version ?? 0, method: 'PUT', keepPrevious } as const;
  return { status: current ? 200 : 201, changes: [putChange(request, resource, key, body)], guards: [] };
}

/** AHDS: If-Match on an id that does not exist is 404, a stale one 412. */
function checkIfMatch(demanded: string | undefined, current: StoredResource | undefined): void {
  if (demanded === undefined) return;
  if (!current) throw new FhirError('not-found', 'The resource that If-Match speaks of does not exist.');
  if (demanded === String(current.version)) return;
  throw new FhirError('precondition-failed', `The version is no longer ${demanded}; it is ${current.version}.`);
}

/** AHDS: `_meta-history=false` keeps no previous version where only `meta` has changed. */
function dropsPrevious(request: FhirRequest, current: StoredResource, resource: Resource): boolean {
  const asked = request.query.some(([name, value]) => name === '_meta-history' && value === 'false');
  return asked && sameButMeta(parseStored(current), resource);
}
