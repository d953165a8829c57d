/** `limit` and `offset` of lists. AHDS: 1 to 200 with a default of 100, and from 0. */
import { DicomError } from './errors.ts';

export function pageIn(parameters: URLSearchParams): { readonly limit: number; readonly offset: number } {
  return {
    limit: wholeNumber(parameters, 'limit', 1, 200, 100),
    offset: wholeNumber(parameters, 'offset', 0, Number.MAX_SAFE_INTEGER, 0),
  };
}

function wholeNumber(asked: URLSearchParams, name: string, least: number, most: number, fallback: number): number {
  const [, text] = [...asked].find(([key]) => key.toLowerCase() === name) ?? [];
  if (text === undefined) return fallback;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new DicomError('invalid', `${name} must be a whole number from ${least} to ${most}.`);
}
