/** One DICOM service instance: everything its operations work with. Made once at start (`open-dicom-service.ts`). */
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { ImagingIndex } from '../stores/imaging/imaging-index.ts';

export interface DicomSettings {
  /** Keeps the 128 bytes before the prefix as they come. AHDS writes zeros over them. */
  readonly keepPreamble: boolean;
}

export interface DicomService {
  /** The instance's name in workspace.json, its first path segment. */
  readonly name: string;
  readonly index: ImagingIndex;
  readonly blobs: BlobStore;
  readonly settings: DicomSettings;
  readonly now: () => Date;
  readonly close: () => Promise<void>;
}

/** The name of the file of a version. */
export function fileOf(version: number): string {
  return `files/${version}.dcm`;
}

/** Where everything lies while a service has no data partitions. */
export const defaultPartition = 'Microsoft.Default';
