/** Every way in which a DICOM request as a whole can fail. Bodies are one line of text, as AHDS sends them. */
import { UserError } from '../operations/errors.ts';

export const dicomErrors = {
  invalid: { status: 400 },
  'not-found': { status: 404 },
  'not-acceptable': { status: 406 },
  conflict: { status: 409 },
  'media-type': { status: 415 },
  busy: { status: 503 },
} as const satisfies Record<string, { status: number }>;

export type DicomErrorCode = keyof typeof dicomErrors;

export class DicomError extends UserError<DicomErrorCode> {
  constructor(code: DicomErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, dicomErrors[code].status, message, headers);
    this.name = 'DicomError';
  }
}
