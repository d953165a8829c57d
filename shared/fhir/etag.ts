/** Version-aware headers. FHIR R4 3.1.0.1.3: a weak ETag holds the version id, `W/"3"`. */
import { FhirError } from './outcome.ts';

export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** The version that an `If-Match` header demands, undefined without one. AHDS: a malformed value is 400. */
export function versionOfIfMatch(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const version = /^W\/"([A-Za-z0-9.-]{1,64})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new FhirError('invalid', 'If-Match must be a weak ETag such as W/"1".');
  return version;
}
