/** One DICOM service instance: everything its operations work with. Made once at start (`open-dicom-service.ts`). */
import type { Jobs } from '../jobs/jobs.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { ExportStore } from '../stores/exports/export-store.ts';
import type { ImagingIndex } from '../stores/imaging/imaging-index.ts';
import type { ImportStore } from '../stores/imports/import-store.ts';
import type { Worklist } from '../stores/worklist/worklist.ts';
import type { CodecPool } from './codecs/codec-pool.ts';
import type { Events } from './events/open-events.ts';
import type { Partitions } from './partitions.ts';
import type { KnownTags } from './query-tags/known-tags.ts';

export interface DicomSettings {
  /** Keeps the 128 bytes before the prefix as they come. AHDS writes zeros over them. */
  readonly keepPreamble: boolean;
  /** Addresses name a data partition. */
  readonly partitions: boolean;
  /** Metadata has a URI for each binary value. */
  readonly bulkData: boolean;
}

export interface DicomService {
  /** The instance's name in workspace.json, its first path segment. */
  readonly name: string;
  readonly index: ImagingIndex;
  readonly blobs: BlobStore;
  readonly worklist: Worklist;
  /** Where exports go: development storage's containers. */
  readonly exports: ExportStore;
  readonly settings: DicomSettings;
  readonly partitions: Partitions;
  /** What it is searched by besides what every service is. */
  readonly tags: KnownTags;
  readonly jobs: Jobs;
  /** Files that are dropped to be stored; undefined where bulk import is off. */
  readonly imports: ImportStore | undefined;
  /** Undefined where nobody is told of what happens to instances. */
  readonly events: Events | undefined;
  /** Decodes, encodes and renders frames; starts its threads when first asked. */
  readonly codecs: CodecPool;
  readonly now: () => Date;
  readonly close: () => Promise<void>;
}

/** The name of the file of a version. */
export function fileOf(version: number): string {
  return `files/${version}.dcm`;
}
