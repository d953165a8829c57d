/**
 * The link to the included resources that a page had no room for: AHDS's `{type}/$includes?…&includesCt=…`. Its token says
 * which page of matches they belong to and behind which of them they begin; it is bound to every parameter of the search.
 */
import type { Cursor } from '../../stores/resources/resource-store.ts';
import { readContinuation, writeContinuation } from './continuation.ts';
import { type PageStart, startAt, startCursor } from './page.ts';
import type { AddressedSearch } from './page-links.ts';
import { searchUrl } from './search-url.ts';

export interface IncludesStart {
  /** Of the page of matches. */
  readonly start: PageStart | undefined;
  /** Of the resources that it includes. */
  readonly after: Cursor;
}

/** `path` of the search is its type. */
export function includesUrl({ signingKey, base, path, asked }: AddressedSearch, to: IncludesStart): string {
  const operation = includesPath(path);
  const cursor = [to.after.length, ...to.after, ...(to.start ? startCursor(to.start) : [])];
  const token = writeContinuation(signingKey, searchUrl('', operation, asked.accepted), cursor);
  return searchUrl(base, operation, [...asked.accepted, ['includesCt', token]]);
}

/** Throws `invalid` (400) for a token of another search. */
export function includesStart({ signingKey, path, asked }: AddressedSearch, token: string): IncludesStart {
  const [length, ...cursor] = readContinuation(signingKey, searchUrl('', includesPath(path), asked.accepted), token);
  const after = cursor.slice(0, Number(length));
  const start = cursor.slice(Number(length));
  return { after, start: start.length === 0 ? undefined : startAt(start) };
}

export function includesPath(type: string): string {
  return `${type}/$includes`;
}
