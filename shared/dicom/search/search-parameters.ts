/** What the queries of all searches have besides filters. Source: DICOM PS3.18, 8.3.4; AHDS for names and limits. */
import { pageIn, trueOrFalse } from '../query-parameters.ts';

export interface SearchParameters {
  readonly limit: number;
  readonly offset: number;
  readonly fuzzy: boolean;
  /** `includefield`, each attribute as it is named there. */
  readonly fields: readonly string[];
  /** `includefield=all`. */
  readonly includeAll: boolean;
  /** All other parameters. */
  readonly filters: readonly (readonly [name: string, value: string])[];
}

const own = ['limit', 'offset', 'fuzzymatching', 'includefield'];

export function searchParameters(query: URLSearchParams): SearchParameters {
  const named = [...query].map(([name, value]) => [name, value] as const);
  const fields = named
    .filter(([name]) => name.toLowerCase() === 'includefield')
    .flatMap(([, value]) => value.split(',').map((field) => field.trim()));
  const isAll = (field: string) => field.toLowerCase() === 'all';
  return {
    ...pageIn(query),
    fuzzy: trueOrFalse(query, 'fuzzymatching', false),
    fields: fields.filter((field) => !isAll(field)),
    includeAll: fields.some(isAll),
    filters: named.filter(([name]) => !own.includes(name.toLowerCase())),
  };
}
