/** Bodies in JSON that are no DICOM. AHDS: names of properties in any case. */
import type { DicomCall } from './call.ts';
import { DicomError } from './errors.ts';

export const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' } as const;

/** By names in lower case. */
export type JsonObject = ReadonlyMap<string, unknown>;

export function jsonBody({ headers, body }: DicomCall): unknown {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new DicomError('media-type', 'The body must be application/json.');
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new DicomError('invalid', 'The body is not JSON.');
  }
}

export function objectIn(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DicomError('invalid', 'The body has another value where an object should be.');
  }
  return new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
}

/** Undefined where it is absent or null. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object.get(name.toLowerCase()) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new DicomError('invalid', `${name} must be a text.`);
}
