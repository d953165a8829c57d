/** Unique identifiers. Source: DICOM PS3.5, 9.1; AHDS takes leading zeros in a component. */
import { DicomError } from './errors.ts';

const pattern = /^[0-9.]{0,63}[0-9]$/;

export function isUid(text: string): boolean {
  return pattern.test(text);
}

/** A UID in an address; one that is none is 400. */
export function uidIn(text: string, what: string): string {
  if (isUid(text)) return text;
  throw new DicomError('invalid', `The ${what} in the address is not a valid UID.`);
}
