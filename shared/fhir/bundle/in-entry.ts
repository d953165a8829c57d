/** A failure inside a transaction tells in its first issue, by verb and url, which entry it comes from. */
import { FhirError, userErrorOf } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import type { EntryRequest } from './entry-request.ts';

export function nameOf({ method, url }: EntryRequest): string {
  return `${method} ${url}`;
}

/** Runs one entry's part; its failure becomes the transaction's, with the entry named in the first issue. */
export function inEntry<T>(name: string, part: () => T): T {
  try {
    const result = part();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw failureOf(name, error);
    }) as T;
  } catch (error) {
    throw failureOf(name, error);
  }
}

function failureOf(name: string, error: unknown): unknown {
  const failure = userErrorOf(error);
  if (!(failure instanceof FhirError)) return error;
  const first = { severity: 'error', code: 'processing', diagnostics: `The transaction failed on ${name}.` } as const;
  return new FhirError(failure.code, [first, ...failure.issues], failure.headers);
}

/** The name of an entry as it was sent, which may be no entry at all. */
export function sentName(entry: JsonValue, index: number): string {
  const sent = isObject(entry) && isObject(entry.request) ? entry.request : {};
  const { method, url } = sent;
  return typeof method === 'string' && typeof url === 'string' ? `${method} ${url}` : `entry ${index}`;
}
