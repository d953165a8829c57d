/** The resource that an operation on an instance (`ValueSet/{id}/$expand`) is about. */
import { etagOf } from '../etag.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { keyOf } from '../interactions/resource-type.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';

/** Undefined for an operation on the type. Throws `not-found`, `deleted`. */
export async function instanceOf(request: FhirRequest, type: string): Promise<Resource | undefined> {
  request.audit.resourceType = type;
  if (request.id === undefined) return undefined;
  const key = keyOf({ ...request, type });
  request.audit.resourceId = key.id;
  const stored = await request.service.store.read(key);
  if (!stored) throw new FhirError('not-found', `${type} with id '${key.id}' couldn't be found.`);
  if (stored.deleted) {
    throw new FhirError('deleted', `${type} with id '${key.id}' was deleted.`, { ETag: etagOf(stored.version) });
  }
  return parseStored(stored);
}
