import type { Pair } from './search-context.ts';

/**
 * The address of a search: `path` below `base` (empty: the service itself) with the pairs as query.
 * Characters that a query may hold and that FHIR uses for its own syntax stay readable.
 */
export function searchUrl(base: string, path: string, pairs: readonly Pair[]): string {
  const address = path === '' ? base : `${base}/${path}`;
  const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return query === '' ? address : `${address}?${query}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%(3A|2C|2F|24)/g, decodeURIComponent);
}
