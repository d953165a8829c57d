/** What a bulk update is asked for, and how far it is. */
import type { Change } from './change-set.ts';

export const updateKind = 'dicom-update';

export interface UpdateDefinition {
  readonly partition: string;
  readonly studies: readonly string[];
  readonly changes: readonly Change[];
}

export interface UpdateProgress {
  /** Studies that are done. */
  readonly at?: number;
  /** Of the study under way: versions up to this are done, those above `top` came later. */
  readonly after?: number;
  readonly top?: number;
  readonly count?: number;
  readonly failedInStudy?: number;
  readonly studyUpdated?: number;
  readonly studyFailed?: number;
  readonly instanceUpdated?: number;
  readonly errors?: readonly string[];
}
