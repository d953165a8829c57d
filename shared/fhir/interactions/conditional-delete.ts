/**
 * FHIR R4 3.1.0.7.1. AHDS: one match is deleted; up to `_count` (1 to 100) when that is given; what `_include` and
 * `_revinclude` add to the matches is deleted as well, all in one commit.
 * AHDS differs: it ignores a criterion that it does not know, so that a misspelt one deletes more than was meant.
 */
import type { AuditDetail, AuditEntry } from '../../operations/operation.ts';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { notePatients } from '../patients-touched.ts';
import { includeName } from '../search/include.ts';
import { includedWith } from '../search/included-with.ts';
import { parseSearch } from '../search/parse-search.ts';
import { matchesOf } from './criteria.ts';
import { isHardDelete, tombstone } from './delete.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { requireAccess, requireDefinitionAccess } from './require-access.ts';
import { typeOf } from './resource-type.ts';
import { type WritePlan, write } from './write-plan.ts';

/** `allowPartialSuccess` is AHDS's for a store that cannot delete at once; ours can. */
const notCriteria = new Set(['_hardDelete', 'hardDelete', '_count', 'allowPartialSuccess']);
/** AHDS: resources that one page of a search includes. */
const maxIncluded = 1000;

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
  const criteria = request.query.filter(([name]) => !notCriteria.has(name) && !isInclude(name));
  if (criteria.length === 0) throw new FhirError('not-selective', 'A conditional delete needs search criteria.');
  const { found, guard } = await matchesOf(request, type, criteria, { limit: most ?? 2, strict: true });
  if (most === undefined && found.length > 1) {
    throw new FhirError('multiple-matches', `The criteria match more than one ${type}; _count allows that.`);
  }
  const deleted = [...found, ...(await includedIn(request, type, found))];
  for (const each of deleted) requireDefinitionAccess(request, each.type);
  request.audit.resourceType = type;
  request.audit.entries = deleted.map((each) => deletedEntry(request, each));
  return {
    status: 204,
    changes: deleted.map((stored) => deletion(request, stored, hard)),
    guards: most === undefined ? [guard] : [],
    ...((most !== undefined || deleted.length > 1) && { headers: { 'Items-Deleted': String(deleted.length) } }),
  };
}

function deletedEntry({ base }: FhirRequest, { type, id, body }: StoredResource): AuditEntry {
  const touched: AuditDetail = type === 'Patient' ? { patients: [id] } : {};
  notePatients(touched, [body], base);
  return { interaction: 'delete', resourceType: type, resourceId: id, patients: touched.patients };
}

function isInclude(name: string): boolean {
  return includeName(name) !== undefined;
}

/** What the includes of the request add to the matches. AHDS: when that is more than a search would show, nothing is deleted. */
async function includedIn(
  { service, query, base }: FhirRequest,
  type: string,
  matches: readonly StoredResource[],
): Promise<readonly StoredResource[]> {
  const pairs = query.filter(([name]) => isInclude(name));
  if (pairs.length === 0) return [];
  const { definitions, store } = service;
  const now = service.now().getTime();
  const { includes } = parseSearch({ definitions, types: [type], pairs, base, strict: true, now });
  if (matches.length === 0) return [];
  const { resources, truncated } = await includedWith(store, matches, includes, maxIncluded);
  if (!truncated) return resources;
  throw new FhirError('too-costly', `The includes add more than ${maxIncluded} resources; nothing was deleted.`);
}

function deletion(request: FhirRequest, { type, id, version }: StoredResource, hard: boolean) {
  const key = { type, id };
  return hard ? ({ kind: 'erase', key, expected: version } as const) : tombstone(request.service, key, version);
}

function countOf(request: FhirRequest): number | undefined {
  const text = request.query.find(([name]) => name === '_count')?.[1];
  if (text === undefined) return undefined;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 100) throw new FhirError('invalid', '_count of a conditional delete is 1 to 100.');
  return count;
}
