/** `Warning: 299` says in an answer what its status does not. Source: DICOM PS3.18; RFC 7234, 5.5. `text` has no quotes. */
import type { DicomCall } from './call.ts';

export function warningHeader({ base }: DicomCall, text: string): { readonly Warning: string } {
  return { Warning: `299 ${new URL(base).host} "${text}"` };
}
