/** What an export is asked for, and how far it is. */
import type { ExportRequest } from './export-request.ts';

export const exportKind = 'dicom-export';

export interface ExportDefinition extends ExportRequest {
  readonly partition: string;
}

export interface ExportProgress {
  /** Identifiers that are done. */
  readonly at?: number;
  /** Of the identifier under way: versions up to this are done. */
  readonly after?: number;
  readonly exported?: number;
  readonly skipped?: number;
  /** Parts of the log of errors, one of a step. */
  readonly errorParts?: readonly string[];
}
