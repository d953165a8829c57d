/** FHIR R4 3.1.0.3 vread. */
import { FhirError } from '../outcome.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { versionResponse } from './read.ts';
import { keyOf } from './resource-type.ts';
import { versioningOf } from './versioning.ts';

export async function vread(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  const { versionId = '' } = request;
  const version = /^[1-9]\d{0,14}$/.test(versionId) ? Number(versionId) : 0;
  const stored = version === 0 ? undefined : await request.service.store.readVersion(key, version);
  if (versioningOf(request.service, key.type) === 'no-version') await refuseOther(request, key, version);
  if (stored) return versionResponse(request, stored);
  throw new FhirError('not-found', `Version '${versionId}' of ${key.type}/${key.id} couldn't be found.`);
}

/** AHDS: where no versions are kept, any but the current one is 405. */
async function refuseOther(request: FhirRequest, key: { type: string; id: string }, version: number): Promise<void> {
  const current = await request.service.store.read(key);
  if (!current || current.version === version) return;
  throw new FhirError('method-not-allowed', `Only the current version can be read: ${key.type} keeps no others.`);
}
