/**
 * The data set in a request about a workitem. AHDS wants an array, of which the first item counts; the standard's bare
 * object is taken too. Source: DICOM PS3.18, 11.
 */
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { readDataSet } from '../json/read-data-set.ts';
import { readJson } from '../json/read-json.ts';

export function workitemBody({ headers, body }: DicomCall): DicomJson {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/dicom+json') {
    throw new DicomError('media-type', 'The body must be application/dicom+json.');
  }
  const json = readJson(body);
  return readDataSet(Array.isArray(json) ? json[0] : json);
}

/** AHDS and the older standard: a UID that belongs to the request is the name of the first query parameter. */
export function uidInQuery({ url }: DicomCall): string | undefined {
  const [first] = url.searchParams.keys();
  return first;
}
