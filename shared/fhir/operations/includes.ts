/**
 * `GET {type}/$includes?…&includesCt=…`: the included resources that a page of a search had no room for, in pages of
 * `_includesCount`. AHDS's operation; the search's `related` link leads here. Matches are not shown again.
 */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { typeOf } from '../interactions/resource-type.ts';
import { askedSearch, searchAnswer } from '../interactions/search.ts';
import { FhirError } from '../outcome.ts';
import { includedWith } from '../search/included-with.ts';
import { includesPath, includesStart, includesUrl } from '../search/includes-link.ts';
import { readPage } from '../search/page.ts';
import { searchUrl } from '../search/search-url.ts';

export async function includes(request: FhirRequest): Promise<FhirResponse> {
  const { service, base } = request;
  const { store, signingKey } = service;
  const type = typeOf(request);
  request.audit.resourceType = type;
  const asked = await askedSearch(request, [type]);
  const { includesContinuation: token, accepted } = asked;
  if (token === undefined) throw new FhirError('invalid', '$includes needs includesCt, which a search gives.');
  const addressed = { signingKey, base, path: type, asked };
  const { start, after } = includesStart(addressed, token);
  const { matches } = await readPage(store, asked.query, asked.count, start);
  const { resources, next } = await includedWith(store, matches, asked.includes, asked.includesCount, after);
  return searchAnswer(request, asked, {
    matches: [],
    included: resources,
    total: undefined,
    links: [
      ...(next ? [['next', includesUrl(addressed, { start, after: next })] as const] : []),
      ['self', searchUrl(base, includesPath(type), [...accepted, ['includesCt', token]])],
    ],
    issues: asked.issues,
  });
}
