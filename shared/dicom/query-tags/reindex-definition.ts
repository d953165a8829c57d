/** What a reindex is asked for. */
import type { NewQueryTag } from '../../stores/imaging/query-tags.ts';

export const reindexKind = 'dicom-reindex';

export interface ReindexDefinition {
  readonly tags: readonly NewQueryTag[];
}

export interface ReindexProgress {
  /** The greatest version when it began. */
  readonly top?: number;
  /** Versions below this are still to be indexed. */
  readonly below?: number;
}
