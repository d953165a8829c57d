/** Parameters of a query, whose names may be in any case; of one that is there twice the first counts. Limits as AHDS has them. */
import { DicomError } from './errors.ts';

export function parameter(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}

export interface WholeNumbers {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}

export function wholeNumber(query: URLSearchParams, name: string, { least, most, fallback }: WholeNumbers): number {
  const text = parameter(query, name);
  if (text === undefined) return fallback;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new DicomError('invalid', `${name} must be a whole number from ${least} to ${most}.`);
}

export function trueOrFalse(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = parameter(query, name);
  if (text === undefined) return fallback;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new DicomError('invalid', `${name} must be true or false.`);
}

/** `limit` is 1 to 200 and 100 where it is missing; `offset` is from 0. */
export function pageIn(query: URLSearchParams): { readonly limit: number; readonly offset: number } {
  return {
    limit: wholeNumber(query, 'limit', { least: 1, most: 200, fallback: 100 }),
    offset: offsetIn(query),
  };
}

export function offsetIn(query: URLSearchParams): number {
  return wholeNumber(query, 'offset', { least: 0, most: Number.MAX_SAFE_INTEGER, fallback: 0 });
}
