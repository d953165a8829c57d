import { openBlobStore, openImagingIndex } from '../stores/embedded/open-embedded-stores.ts';
import type { DicomService, DicomSettings } from './service.ts';

/** Opens the DICOM service `name` on its stores below `dataDir`. */
export async function openDicomService(options: {
  readonly name: string;
  readonly entry: DicomSettings;
  readonly dataDir: string;
}): Promise<DicomService> {
  const { name, entry, dataDir } = options;
  const index = await openImagingIndex({ dataDir, service: name });
  const blobs = await openBlobStore({ dataDir, service: name });
  return {
    name,
    index,
    blobs,
    settings: { keepPreamble: entry.keepPreamble },
    now: () => new Date(),
    close: async () => {
      await index.close();
      await blobs.close();
    },
  };
}
