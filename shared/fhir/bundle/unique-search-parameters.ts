import { FhirError } from '../outcome.ts';
import type { JsonValue } from '../resource/types.ts';
import type { EntryRequest } from './entry-request.ts';

/** AHDS: two SearchParameters of one transaction may have neither the same url nor the same code for the same type. */
export function checkUniqueSearchParameters(asked: readonly EntryRequest[]): void {
  const seen = new Set<string>();
  for (const { request } of asked) {
    const { resource } = request;
    if (resource?.resourceType !== 'SearchParameter') continue;
    const { url, code, base } = resource;
    const names = [
      `url ${text(url)}`,
      ...(Array.isArray(base) ? base : []).map((type) => `${text(type)}.${text(code)}`),
    ];
    const twice = names.find((name) => seen.has(name));
    if (twice !== undefined) throw new FhirError('invalid', `The transaction has two SearchParameters of ${twice}.`);
    for (const name of names) seen.add(name);
  }
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
