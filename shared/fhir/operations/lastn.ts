/**
 * `Observation/$lastn`: of each kind of observation the latest `max`. FHIR R4 Observation-lastn: needs a patient or subject,
 * and a category or a parameter over codes; takes every search parameter of Observation besides. Codes that one observation
 * has together are one kind; observations that are as late as the last one come too. All of it is one page.
 * Deviation: texts without a code are one kind when they differ only in case and accents.
 * AHDS differs: it has no `$lastn`.
 */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError, type Issue } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import { includedWith } from '../search/included-with.ts';
import { withLookups } from '../search/lookups.ts';
import { parseSearch, type SearchRequest } from '../search/parse-search.ts';
import { searchBundle } from '../search/search-bundle.ts';
import type { Pair } from '../search/search-context.ts';
import { searchUrl } from '../search/search-url.ts';
import { refuseLinks } from '../smart/refuse-links.ts';
import { searchPairs } from './parameters.ts';

/** Observations in one answer. */
const most = 5000;
const greatestMax = 1000;

export async function lastn(request: FhirRequest): Promise<FhirResponse> {
  const { service, base, requestId } = request;
  const { store, definitions } = service;
  request.audit.resourceType = 'Observation';
  const now = service.now();
  const given = searchPairs(request);
  const pairs = given.filter(([name]) => name !== 'max' && !pageShape.has(name));
  checkSelective(pairs);
  const max = maxOf(given);
  const strict = preferencesOf(request.header('prefer')).handling === 'strict';
  const { dateContainment, fullText } = service.settings;
  const search = {
    definitions,
    types: ['Observation'],
    pairs,
    base,
    strict,
    now: now.getTime(),
    dateContainment,
    fullText,
  };
  const asked = await withLookups(service, (lookups) => parseSearch({ ...search, lookups }));
  refuseLinks(request.principal, asked);
  const latest = { query: asked.query, by: 'Observation.code', date: 'Observation.date', max } as const;
  const matches = (await store.latest(latest, most)).flat();
  const ignored = given.filter(([name]) => pageShape.has(name)).map(([name]) => ignoredIssue(name));
  const self = [...given.filter(([name]) => name === 'max'), ...asked.accepted];
  const result = {
    matches: asked.countOnly ? [] : matches,
    included: asked.countOnly ? [] : await included(request, asked, matches),
    total: matches.length,
    links: [['self', searchUrl(base, 'Observation/$lastn', self)]] as const,
    issues: [...ignored, ...asked.issues],
  };
  return { status: 200, body: searchBundle(result, { base, requestId, now, subset: asked.subset, definitions }) };
}

/** There is one page, in the order of the operation. */
const pageShape: ReadonlySet<string> = new Set(['_count', '_sort', 'ct']);

function ignoredIssue(name: string): Issue {
  const diagnostics = `${name} is ignored: $lastn has an order of its own and one page; max says how many there are of each code.`;
  return { severity: 'information', code: 'informational', diagnostics };
}

const aboutSubject = /^(patient|subject)(:(Patient|Group|Device|Location))?(\.|$)/;
const aboutCode = /^(category|code|combo-code|component-code)(-value-[a-z]+)?(:text)?$/;

function checkSelective(pairs: readonly Pair[]): void {
  const has = (pattern: RegExp) => pairs.some(([name, value]) => pattern.test(name) && value !== '');
  if (!has(aboutSubject)) throw new FhirError('required', '$lastn needs a patient or a subject.');
  if (!has(aboutCode)) throw new FhirError('required', '$lastn needs a category or a code.');
}

function maxOf(pairs: readonly Pair[]): number {
  const [text = '1', another] = pairs.filter(([name]) => name === 'max').map(([, value]) => value);
  const max = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (max >= 1 && max <= greatestMax && another === undefined) return max;
  throw new FhirError('invalid', `max must be one number from 1 to ${greatestMax}.`);
}

async function included(
  { service }: FhirRequest,
  { includes, includesCount }: SearchRequest,
  matches: readonly StoredResource[],
): Promise<readonly StoredResource[]> {
  if (includes.length === 0 || matches.length === 0) return [];
  return (await includedWith(service.store, matches, includes, includesCount)).resources;
}
