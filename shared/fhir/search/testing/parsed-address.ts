/** For tests: searches compiled from addresses such as `Patient?name=a`, `?_type=Patient` over the whole service. */
import type { Condition } from '../../../stores/resources/query.ts';
import { loadDefinitions } from '../../definitions/load.ts';
import { FhirError } from '../../outcome.ts';
import { parseSearch, type SearchRequest } from '../parse-search.ts';

export const definitions = loadDefinitions();
export const base = 'http://localhost/fhir';
export const now = Date.parse('2024-01-01T00:00:00Z');

export function parse(address: string, strict = false): SearchRequest {
  const [type = '', query = ''] = address.split(/\?(.*)/s);
  const pairs = [...new URLSearchParams(query)];
  return parseSearch({ definitions, types: type === '' ? undefined : [type], pairs, base, strict, now });
}

export function where(address: string): Condition | undefined {
  return parse(address).query.where;
}

/** What `run` throws, which must be a FhirError. */
export function errorOf(run: () => unknown): FhirError {
  try {
    run();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
