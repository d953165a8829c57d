/** What the searches over one type, in a compartment and over the whole service have in common. FHIR R4 3.1.0.9, 3.1.1. */
import type { Cursor } from '../../stores/resources/resource-store.ts';
import type { Issue } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import type { Compartment } from '../search/compartment.ts';
import { readContinuation, writeContinuation } from '../search/continuation.ts';
import { parseSearch, type SearchRequest } from '../search/parse-search.ts';
import { type SearchResult, searchBundle } from '../search/search-bundle.ts';
import { searchUrl } from '../search/search-url.ts';
import { definitionsFor } from './definitions-for.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';

/** `path` is the address below the service that links show: `Patient`, `Patient/1/Observation`, or empty. GET and POST answer the same. */
export async function search(
  request: FhirRequest,
  types: readonly string[] | undefined,
  path: string,
  compartment?: Compartment,
): Promise<FhirResponse> {
  const { service, base, requestId } = request;
  const definitions = definitionsFor(request);
  const now = service.now();
  const strict = preferencesOf(request.header('prefer')).handling === 'strict';
  const asked = parseSearch({
    definitions,
    types,
    compartment,
    pairs: request.query,
    base,
    strict,
    now: now.getTime(),
  });
  const result = asked.countOnly ? await count(request, asked, path) : await page(request, asked, path);
  return { status: 200, body: searchBundle(result, { base, requestId, now, subset: asked.subset, definitions }) };
}

async function count({ service, base }: FhirRequest, asked: SearchRequest, path: string): Promise<SearchResult> {
  const total = await service.store.count(asked.query);
  const self = searchUrl(base, path, asked.accepted);
  return { matches: [], included: [], total, self, next: undefined, issues: asked.issues };
}

/** A further page has the token in its own link as well; AHDS gives the total on the first page only. */
async function page({ service, base }: FhirRequest, asked: SearchRequest, path: string): Promise<SearchResult> {
  const { store, signingKey } = service;
  const { query, accepted, continuation } = asked;
  const scope = searchUrl('', path, accepted);
  const after = continuation === undefined ? undefined : readContinuation(signingKey, scope, continuation);
  const { matches, next } = await store.search(query, asked.count, after);
  const { resources: included, truncated } =
    asked.includes.length === 0 || matches.length === 0
      ? { resources: [], truncated: false }
      : await store.include(matches, asked.includes, asked.includesCount);
  const link = (ct: string) => searchUrl(base, path, [...accepted, ['ct', ct]]);
  return {
    matches,
    included,
    total: await totalOf(store, asked, matches.length, next),
    self: continuation === undefined ? searchUrl(base, path, accepted) : link(continuation),
    next: next && link(writeContinuation(signingKey, scope, next)),
    issues: truncated ? [...asked.issues, truncatedIssue] : asked.issues,
  };
}

/** A single page has its own count. */
async function totalOf(
  store: FhirRequest['service']['store'],
  { total, continuation, query }: SearchRequest,
  matches: number,
  next: Cursor | undefined,
): Promise<number | undefined> {
  if (total === 'none' || continuation !== undefined) return undefined;
  return next ? store.count(query) : matches;
}

const truncatedIssue: Issue = {
  severity: 'warning',
  code: 'incomplete',
  diagnostics: 'Included items are truncated: there are more than a page may hold. Ask for fewer matches with _count.',
};
