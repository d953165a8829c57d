/** FHIR R4 3.1.0.2 read. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { etagOf } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import { subsetText } from '../resource/subset.ts';
import { resourceText } from '../resource/text.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { keyOf } from './resource-type.ts';

export async function read(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  const stored = await request.service.store.read(key);
  if (!stored) throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  return versionResponse(request, stored);
}

/** A version as response, `_summary` and `_elements` applied; a tombstone is 410 with its version as ETag. */
export function versionResponse(request: FhirRequest, stored: StoredResource): FhirResponse {
  const etag = etagOf(stored.version);
  if (stored.deleted) {
    throw new FhirError('deleted', `Resource type '${stored.type}' with id '${stored.id}' was deleted.`, {
      ETag: etag,
    });
  }
  if (isUnchanged(request, stored)) return { status: 304, etag, lastModified: stored.updated };
  const wanted = askedSubset(new Map(request.query));
  const body = wanted ? subsetText(stored, wanted, request.service.definitions) : resourceText(stored);
  return { status: 200, etag, lastModified: stored.updated, body };
}

/**
 * FHIR R4 3.1.0.2.1 conditional read: what the client has already is 304. RFC 9110: `If-None-Match` wins over
 * `If-Modified-Since`, which counts in seconds; a malformed one is not looked at. AHDS differs: it looks at neither.
 */
function isUnchanged(request: FhirRequest, { version, updated }: StoredResource): boolean {
  const tags = request.header('if-none-match');
  if (tags !== undefined) {
    const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
    return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etagOf(version)));
  }
  const since = Date.parse(request.header('if-modified-since') ?? '');
  return Math.floor(updated / 1000) * 1000 <= since;
}
