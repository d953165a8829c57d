/** FHIR R4 3.1.0.12 history of a resource, a type, the service. Rejected combinations are 403, as AHDS answers them. */
import type { HistoryQuery, StoredResource } from '../../stores/resources/resource-store.ts';
import { etagOf } from '../etag.ts';
import { FhirError } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import { type Subset, subsetText } from '../resource/subset.ts';
import { resourceText } from '../resource/text.ts';
import { readContinuation, writeContinuation } from '../search/continuation.ts';
import { instantRange } from '../search/instant-range.ts';
import { pageBytes } from '../search/page.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { keyOf, typeOf } from './resource-type.ts';

const defaultCount = 10;
const maxCount = 1000;

export async function historyInstance(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  if (!(await request.service.store.read(key))) {
    throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  }
  return history(request, key, `${key.type}/${key.id}/_history`);
}

export function historyType(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  request.audit.resourceType = type;
  return history(request, { type }, `${type}/_history`);
}

export function historySystem(request: FhirRequest): Promise<FhirResponse> {
  return history(request, {}, '_history');
}

async function history(
  request: FhirRequest,
  scope: { type?: string; id?: string },
  path: string,
): Promise<FhirResponse> {
  const { service, base } = request;
  const asked = askedOf(request);
  const query: HistoryQuery = { ...scope, ...asked.query };
  const self = new URL(`${base}/${path}`);
  for (const [name, value] of asked.accepted) self.searchParams.append(name, value);
  const scopeText = `${path}?${self.searchParams}`;
  if (asked.count === 0) {
    const total = await service.store.countHistory(query);
    return bundleResponse(request, { total, links: [['self', self.href]], entries: [] });
  }
  const after = asked.ct === undefined ? undefined : readContinuation(service.signingKey, scopeText, asked.ct);
  const page = await service.store.history(query, asked.count, after, pageBytes);
  const links: [string, string][] = [];
  if (page.next) {
    const next = new URL(self);
    next.searchParams.append('ct', writeContinuation(service.signingKey, scopeText, page.next));
    links.push(['next', next.href]);
  }
  links.push(['self', self.href]);
  const total = !page.next && after === undefined ? page.matches.length : await service.store.countHistory(query);
  const textOf = (stored: StoredResource) =>
    asked.subset && !stored.deleted ? subsetText(stored, asked.subset, service.definitions) : resourceText(stored);
  const entries = page.matches.map((stored) => entryOf(stored, base, textOf(stored)));
  return bundleResponse(request, { total, links, entries });
}

function bundleResponse(
  request: FhirRequest,
  page: { total: number; links: [string, string][]; entries: BundleEntry[] },
): FhirResponse {
  const lastUpdated = request.service.now().toISOString();
  return { status: 200, body: bundleText({ type: 'history', id: request.requestId, lastUpdated, ...page }) };
}

/** AHDS: the url of a POST is `Type/`, of every other verb `Type/id`. */
function entryOf(stored: StoredResource, base: string, resource: readonly Uint8Array[]): BundleEntry {
  const { type, id, version, method, deleted } = stored;
  const status = deleted ? '204 NoContent' : version === 1 ? '201 Created' : '200 OK';
  return {
    fullUrl: `${base}/${type}/${id}`,
    resource,
    request: { method, url: method === 'POST' ? `${type}/` : `${type}/${id}` },
    response: { status, etag: etagOf(version), lastModified: new Date(stored.updated).toISOString() },
  };
}

interface Asked {
  readonly query: Pick<HistoryQuery, 'since' | 'before' | 'oldestFirst'>;
  readonly count: number;
  readonly ct: string | undefined;
  /** Undefined: whole resources. */
  readonly subset: Subset | undefined;
  readonly accepted: readonly (readonly [string, string])[];
}

const understood = new Set(['_since', '_before', '_sort', '_count', '_summary', '_elements']);

/** AHDS drops `_at` and every unknown parameter silently from the self link. */
function askedOf(request: FhirRequest): Asked {
  const given = new Map(request.query.map(([name, value]) => [name, value]));
  const since = given.get('_since');
  const before = given.get('_before');
  if (given.has('_at') && (since !== undefined || before !== undefined)) {
    throw new FhirError('search-not-supported', '_at cannot be combined with _since or _before.');
  }
  const sort = given.get('_sort') ?? '-_lastUpdated';
  if (sort !== '_lastUpdated' && sort !== '-_lastUpdated') {
    throw new FhirError('search-not-supported', 'History is sorted by _lastUpdated or -_lastUpdated.');
  }
  const beforeTime = before === undefined ? undefined : instantOf('_before', before);
  if (beforeTime !== undefined && beforeTime > request.service.now().getTime()) {
    throw new FhirError('search-not-supported', '_before must not be in the future.');
  }
  const counted = given.get('_summary') === 'count' ? 0 : countOf(given.get('_count'));
  return {
    query: {
      ...(since !== undefined && { since: instantOf('_since', since) }),
      ...(beforeTime !== undefined && { before: beforeTime }),
      oldestFirst: sort === '_lastUpdated',
    },
    count: counted,
    ct: given.get('ct'),
    subset: askedSubset(given),
    accepted: [...given].filter(([name]) => understood.has(name)),
  };
}

function instantOf(name: string, text: string): number {
  const range = instantRange(text);
  if (!range) throw new FhirError('invalid', `${name} must be a date or an instant.`);
  return range.low;
}

function countOf(text: string | undefined): number {
  if (text === undefined) return defaultCount;
  if (!/^\d{1,9}$/.test(text)) throw new FhirError('invalid', '_count must be a number, 0 or more.');
  return Math.min(Number(text), maxCount);
}
