/** What the searches over one type, in a compartment and over the whole service have in common. FHIR R4 3.1.0.9, 3.1.1. */
import type { Issue } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import type { Compartment } from '../search/compartment.ts';
import { includedWith } from '../search/included-with.ts';
import { includesUrl } from '../search/includes-link.ts';
import { withLookups } from '../search/lookups.ts';
import { type Page, readPage } from '../search/page.ts';
import { pageLinks, pageStart } from '../search/page-links.ts';
import { parseSearch, type SearchRequest } from '../search/parse-search.ts';
import { information } from '../search/result-parameters.ts';
import { type SearchResult, searchBundle } from '../search/search-bundle.ts';
import { searchUrl } from '../search/search-url.ts';
import { refuseLinks } from '../smart/refuse-links.ts';
import { definitionsFor } from './definitions-for.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';

/** `_total=estimate` counts no further than this. */
const mostCounted = 10_000;

/** `path` is the address below the service that links show: `Patient`, `Patient/1/Observation`, or empty. GET and POST answer the same. */
export async function search(
  request: FhirRequest,
  types: readonly string[] | undefined,
  path: string,
  compartment?: Compartment,
): Promise<FhirResponse> {
  const asked = await askedSearch(request, types, compartment);
  const issues =
    asked.includesContinuation === undefined ? asked.issues : [...asked.issues, information(includesCtIgnored)];
  const result = asked.countOnly ? await count(request, asked, path) : await page(request, asked, path);
  return searchAnswer(request, asked, { ...result, issues: [...issues, ...result.issues] });
}

const includesCtIgnored = 'includesCt is ignored: it belongs to $includes.';

export function askedSearch(
  request: FhirRequest,
  types: readonly string[] | undefined,
  compartment?: Compartment,
): Promise<SearchRequest> {
  const { service, base, query } = request;
  const strict = preferencesOf(request.header('prefer')).handling === 'strict';
  const now = service.now().getTime();
  const definitions = definitionsFor(request);
  const { dateContainment, fullText } = service.settings;
  const asked = { definitions, types, compartment, pairs: query, base, strict, now, dateContainment, fullText };
  return withLookups(service, (lookups) => {
    const parsed = parseSearch({ ...asked, lookups });
    refuseLinks(request.principal, parsed);
    return parsed;
  });
}

export function searchAnswer(request: FhirRequest, asked: SearchRequest, result: SearchResult): FhirResponse {
  const { service, base, requestId } = request;
  const definitions = definitionsFor(request);
  const options = { base, requestId, now: service.now(), subset: asked.subset, definitions };
  return { status: 200, body: searchBundle(result, options) };
}

async function count({ service, base }: FhirRequest, asked: SearchRequest, path: string): Promise<SearchResult> {
  const total = await service.store.count(asked.query);
  return { matches: [], included: [], total, links: [['self', searchUrl(base, path, asked.accepted)]], issues: [] };
}

/** A further page has the token in its own link as well; AHDS gives the total on the first page only. */
async function page(request: FhirRequest, asked: SearchRequest, path: string): Promise<SearchResult> {
  const { service, base, compartment } = request;
  const { store, signingKey } = service;
  const addressed = { signingKey, base, path, asked };
  const start = pageStart(addressed);
  const page = await readPage(store, asked.query, asked.count, start);
  const { resources, truncated, next } = await includedWith(store, page.matches, asked.includes, asked.includesCount);
  // AHDS: only a search over one type has `$includes`.
  const isPaged = next !== undefined && request.type !== undefined && compartment === undefined;
  const related = isPaged ? [['related', includesUrl(addressed, { start, after: next })] as const] : [];
  return {
    matches: page.matches,
    included: resources,
    total: await totalOf(store, asked, page),
    links: [...pageLinks(addressed, start, page), ...related],
    issues: truncated ? [truncatedIssue(isPaged)] : [],
  };
}

/** A single page has its own count. */
async function totalOf(
  store: FhirRequest['service']['store'],
  { total, continuation, query }: SearchRequest,
  { matches, next }: Page,
): Promise<number | undefined> {
  if (total === 'none' || continuation !== undefined) return undefined;
  if (!next) return matches.length;
  return total === 'accurate' ? store.count(query) : store.count(query, mostCounted);
}

function truncatedIssue(isPaged: boolean): Issue {
  const remedy = isPaged ? 'The link with relation related leads to them.' : 'Ask for fewer matches with _count.';
  const diagnostics = `Included items are truncated: there are more than a page may hold. ${remedy}`;
  return { severity: 'warning', code: 'incomplete', diagnostics };
}
