/** FHIR R4 3.1.0.2 read. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { etagOf } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { resourceText } from '../resource/text.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { keyOf } from './resource-type.ts';

export async function read(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  const stored = await request.service.store.read(key);
  if (!stored) throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  return versionResponse(stored);
}

/** A version as response; a tombstone is 410 with its version as ETag. */
export function versionResponse(stored: StoredResource): FhirResponse {
  const etag = etagOf(stored.version);
  if (stored.deleted) {
    throw new FhirError('deleted', `Resource type '${stored.type}' with id '${stored.id}' was deleted.`, {
      ETag: etag,
    });
  }
  return { status: 200, etag, lastModified: stored.updated, body: resourceText(stored) };
}
