import type { CheckedObject } from './checked-object.ts';

/** The `audience` of a service's entry, text or list: whom tokens for this service are made out to, instead of the issuer's list. */
export function audienceOf(entry: CheckedObject): { readonly audience?: readonly string[] } {
  if (!entry.has('audience')) return {};
  const value = entry.get('audience');
  if (typeof value === 'string' && value !== '') return { audience: [value] };
  return { audience: entry.texts('audience') };
}
