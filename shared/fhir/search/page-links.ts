/** The links of a page of matches and the tokens in them. FHIR R4 3.1.1.6 and 3.1.0.9.1. */
import type { FhirService } from '../service.ts';
import { readContinuation, writeContinuation } from './continuation.ts';
import { inOppositeOrder, lastPage, type Page, type PageStart, startAt, startCursor } from './page.ts';
import type { SearchRequest } from './parse-search.ts';
import { isShapingParameter } from './result-parameters.ts';
import { searchUrl } from './search-url.ts';

/** A search whose address below `base` is `path`. */
export interface AddressedSearch {
  readonly signingKey: FhirService['signingKey'];
  /** Absolute URL of the service. */
  readonly base: string;
  readonly path: string;
  readonly asked: SearchRequest;
}

export type Link = readonly [relation: string, url: string];

/** Where the page that `ct` asks for begins; undefined for the first one. */
export function pageStart(search: AddressedSearch): PageStart | undefined {
  const { continuation } = search.asked;
  if (continuation === undefined) return undefined;
  return startAt(readContinuation(search.signingKey, pageScope(search), continuation));
}

/** The parameters that decide what is found in which order: the size of a page may change from one to the next. */
function pageScope({ asked, path }: AddressedSearch): string {
  const deciding = asked.accepted.filter(([name]) => !isShapingParameter(name));
  return searchUrl('', path, deciding);
}

/** AHDS has `next` and `self`, in this order; the others stand behind them. */
export function pageLinks(
  search: AddressedSearch,
  start: PageStart | undefined,
  { next, previous }: Pick<Page, 'next' | 'previous'>,
): Link[] {
  const { asked, base, path, signingKey } = search;
  const scope = pageScope(search);
  const withToken = (ct: string) => searchUrl(base, path, [...asked.accepted, ['ct', ct]]);
  const link = (relation: string, to: PageStart | undefined): Link[] =>
    to ? [[relation, withToken(writeContinuation(signingKey, scope, startCursor(to)))]] : [];
  const first = searchUrl(base, path, asked.accepted);
  return [
    ...link('next', next),
    ['self', asked.continuation === undefined ? first : withToken(asked.continuation)],
    ...(start ? [['first', first] as const] : []),
    ...link('previous', previous),
    ...link('last', next && inOppositeOrder(asked.query) ? lastPage : undefined),
  ];
}
