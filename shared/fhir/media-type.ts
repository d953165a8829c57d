/** The formats that the service reads and writes. FHIR R4 3.1.0.1.5; `_format` wins over `Accept`. */
import { requestError } from '../operations/errors.ts';
import { FhirError } from './outcome.ts';

export const fhirJson = 'application/fhir+json; charset=utf-8';

const jsonTypes = new Set(['application/fhir+json', 'application/json', 'text/json', 'json']);
const anyType = new Set(['*/*', 'application/*', '']);

/** Throws 406 unless the client takes JSON. */
export function checkAcceptable(query: readonly (readonly [string, string])[], accept: string | null): void {
  const format = query.find(([name]) => name === '_format')?.[1];
  if (format !== undefined) {
    // A "+" that was not escaped arrives as a space.
    if (jsonTypes.has(mediaType(format).replace(' ', '+'))) return;
    throw new FhirError('not-acceptable', 'The format in _format is not offered: json is.');
  }
  if (accept === null || accept.split(',').some((type) => isTaken(mediaType(type)))) return;
  throw requestError('not-acceptable', 'None of the types in Accept is offered: application/fhir+json is.');
}

function isTaken(type: string): boolean {
  return anyType.has(type) || jsonTypes.has(type);
}

/** Throws 415 unless the body is in a type that the operation reads. An empty form needs none. */
export function checkContentType(body: 'resource' | 'form', header: string | null, length: number): void {
  const type = mediaType(header ?? '');
  if (body === 'form') {
    if (type === 'application/x-www-form-urlencoded' || (type === '' && length === 0)) return;
    throw requestError('media-type', 'A search by POST takes application/x-www-form-urlencoded.');
  }
  const charset = /charset=\s*"?([^\s;"]+)/i.exec(header ?? '')?.[1] ?? 'utf-8';
  if (jsonTypes.has(type) && type !== 'json' && /^utf-?8$/i.test(charset)) return;
  throw requestError('media-type', 'The body must be application/fhir+json in UTF-8.');
}

function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase();
}
