/**
 * `Composition/{id}/$document`: the composition and every resource that it refers to, as a document Bundle. FHIR R4
 * Composition-document, 3.3.1: those that these refer to in turn are not needed. A reference that finds nothing (absent,
 * deleted, on another server) is named in an OperationOutcome at the end. `persist=true` stores the Bundle, which needs
 * the right to create. AHDS differs: it has no `$document`.
 */
import { randomUUID } from 'node:crypto';
import type { ResourceKey, StoredResource } from '../../stores/resources/resource-store.ts';
import { planCreate } from '../interactions/create.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { requireAccess } from '../interactions/require-access.ts';
import { isId } from '../interactions/resource-type.ts';
import { write } from '../interactions/write-plan.ts';
import { FhirError, type Issue, operationOutcome } from '../outcome.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import { parseJson } from '../resource/json.ts';
import { parseStored, resourceText } from '../resource/text.ts';
import type { JsonValue, Resource } from '../resource/types.ts';
import { literalReference } from '../search/literal-reference.ts';
import { documentReferences } from './document-references.ts';
import { searchPairs } from './parameters.ts';

const maxBytes = 50 * 1024 * 1024;

export async function document(request: FhirRequest): Promise<FhirResponse> {
  const { service, base } = request;
  const { id, persist } = documentParameters(request);
  request.audit.resourceType = 'Composition';
  request.audit.resourceId = id;
  const composition = await service.store.read({ type: 'Composition', id });
  if (!composition) throw new FhirError('not-found', `Composition '${id}' couldn't be found.`);
  if (composition.deleted) throw new FhirError('deleted', `Composition '${id}' was deleted.`);
  const { inside, outside } = documentReferences(parseStored(composition), base, service.definitions);
  const { found, absent } = await readAll(request, composition, inside);
  const missing = [...outside, ...absent].map(missingIssue);
  const body = documentText(request, [composition, ...found], missing);
  return persist ? stored(request, body) : { status: 200, body };
}

function documentParameters(request: FhirRequest): { id: string; persist: boolean } {
  const given = new Map<string, string>();
  for (const [name, value] of searchPairs(request)) {
    if (given.has(name)) throw new FhirError('invalid', `${name} is given more than once.`);
    if (!['id', 'persist'].includes(name)) throw new FhirError('not-supported', `$document does not take '${name}'.`);
    given.set(name, value);
  }
  const persist = given.get('persist') ?? 'false';
  if (persist !== 'true' && persist !== 'false') throw new FhirError('invalid', 'persist must be true or false.');
  if (persist === 'true') requireAccess(request, [['write'], ['create']]);
  if (request.id !== undefined && given.has('id')) {
    throw new FhirError('invalid', 'id is for a request that names no composition in its address.');
  }
  const { isResourceType } = request.service.definitions;
  const text = request.id ?? given.get('id') ?? '';
  const { base, type, id } = literalReference(text, request.base, isResourceType);
  if (base === null && (type ?? 'Composition') === 'Composition' && isId(id))
    return { id, persist: persist === 'true' };
  throw new FhirError('invalid', 'id must be the id of a composition of this service.');
}

/** One read for each of them; stops where the document grows larger than an answer may be. */
async function readAll(
  { service }: FhirRequest,
  composition: StoredResource,
  keys: readonly ResourceKey[],
): Promise<{ found: StoredResource[]; absent: string[] }> {
  const found: StoredResource[] = [];
  const absent: string[] = [];
  let bytes = composition.body.length;
  for (const key of keys) {
    if (key.type === composition.type && key.id === composition.id) continue;
    const resource = await service.store.read(key);
    if (!resource || resource.deleted) {
      absent.push(`${key.type}/${key.id}`);
      continue;
    }
    bytes += resource.body.length;
    if (bytes > maxBytes) throw new FhirError('too-costly', `The document would be larger than ${maxBytes} bytes.`);
    found.push(resource);
  }
  return { found, absent };
}

function missingIssue(reference: string): Issue {
  const diagnostics = `The composition refers to '${reference}', which this service does not have.`;
  return { severity: 'warning', code: 'not-found', diagnostics };
}

function documentText(
  { service, base, requestId }: FhirRequest,
  resources: readonly StoredResource[],
  missing: readonly Issue[],
): readonly Uint8Array[] {
  const now = service.now();
  const entries = resources.map((resource): BundleEntry => {
    return { fullUrl: `${base}/${resource.type}/${resource.id}`, resource: resourceText(resource) };
  });
  if (missing.length > 0) {
    const outcome = { ...operationOutcome(missing, randomUUID(), now) };
    entries.push({ fullUrl: `urn:uuid:${outcome.id}`, resource: [Buffer.from(JSON.stringify(outcome))] });
  }
  return bundleText({
    type: 'document',
    id: requestId,
    lastUpdated: now.toISOString(),
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${requestId}` },
    timestamp: now.toISOString(),
    entries,
  });
}

/** The answer is the Bundle as it is stored. */
async function stored(request: FhirRequest, body: readonly Uint8Array[]): Promise<FhirResponse> {
  const bundle = parseJson(Buffer.concat(body)) as JsonValue as Resource;
  return write(request, async () => planCreate(request, bundle, request.service.newId()));
}
