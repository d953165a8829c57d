/** The formats that the service reads and writes. FHIR R4 3.1.0.1.5; `_format` wins over `Accept`. */
import { requestError } from '../operations/errors.ts';
import { FhirError } from './outcome.ts';

export type Format = 'json' | 'xml';

export const contentTypes: Readonly<Record<Format, string>> = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
};

const formats: ReadonlyMap<string, Format> = new Map([
  ['application/fhir+json', 'json'],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/fhir+xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
]);
const anyType = new Set(['*/*', 'application/*', '']);

/** The format that the client asks for; undefined when it takes neither. */
export function askedFormat(parameters: URLSearchParams, accept: string | null): Format | undefined {
  const asked = parameters.get('_format');
  if (asked === null) return accept === null ? 'json' : acceptedFormat(accept);
  // A "+" that was not escaped arrives as a space.
  const type = mediaType(asked).replace(' ', '+');
  return type === 'json' || type === 'xml' ? type : formats.get(type);
}

/** The format that the client asks for. Throws 406 when it takes neither. */
export function answerFormat(parameters: URLSearchParams, accept: string | null): Format {
  const format = askedFormat(parameters, accept);
  if (format) return format;
  if (parameters.has('_format')) {
    throw new FhirError('not-acceptable', 'The format in _format is not offered: json and xml are.');
  }
  throw requestError('not-acceptable', 'Accept names neither application/fhir+json nor application/fhir+xml.');
}

/** RFC 9110 12.5.1: the highest `q` wins, among equals the first; `q=0` is not taken. */
function acceptedFormat(accept: string): Format | undefined {
  let best: Format | undefined;
  let weight = 0;
  for (const range of accept.split(',')) {
    const type = mediaType(range);
    const format = anyType.has(type) ? 'json' : formats.get(type);
    const q = Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
    if (format === undefined || !(q > weight)) continue;
    best = format;
    weight = q;
  }
  return best;
}

/** Throws 415 unless the body is a form. An empty one needs no type. */
export function checkForm(header: string | null, length: number): void {
  const type = mediaType(header ?? '');
  if (type === 'application/x-www-form-urlencoded' || (type === '' && length === 0)) return;
  throw requestError('media-type', 'A search by POST takes application/x-www-form-urlencoded.');
}

/** The format of a resource in the body. Throws 415 unless it is one of ours in UTF-8. */
export function bodyFormat(header: string | null): Format {
  const charset = /charset=\s*"?([^\s;"]+)/i.exec(header ?? '')?.[1] ?? 'utf-8';
  const format = formats.get(mediaType(header ?? ''));
  if (format && /^utf-?8$/i.test(charset)) return format;
  throw requestError('media-type', 'The body must be application/fhir+json or application/fhir+xml in UTF-8.');
}

/** RFC 6902. */
export const jsonPatchType = 'application/json-patch+json';

export function isJsonPatch(header: string | null): boolean {
  return mediaType(header ?? '') === jsonPatchType;
}

/** The format of a FHIRPath Patch. AHDS: FHIR's own types only; throws 415 for others. */
export function patchFormat(header: string | null): Format {
  if (mediaType(header ?? '').startsWith('application/fhir+')) return bodyFormat(header);
  throw requestError('media-type', `A patch is ${jsonPatchType}, or Parameters in application/fhir+json.`);
}

function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase();
}
