/** `Accept` of DICOM requests. AHDS: what answers in DICOM JSON wants an entry that covers it; none is 406. */
import { DicomError } from './errors.ts';

const jsonTypes = new Set(['application/dicom+json', 'application/*', '*/*']);

/** An entry of this type takes DICOM JSON. */
export function coversJson(type: string): boolean {
  return jsonTypes.has(type);
}

export function checkAcceptsJson(accept: string | null): void {
  const types = (accept ?? '').split(',').map((entry) => (entry.split(';')[0] ?? '').trim().toLowerCase());
  if (!types.some(coversJson)) {
    throw new DicomError('not-acceptable', 'Accept must cover application/dicom+json.');
  }
}
