import { openBlobStore, openImagingIndex, openWorklist } from '../stores/embedded/open-embedded-stores.ts';
import { cleanUp } from './clean-up.ts';
import { CodecPool } from './codecs/codec-pool.ts';
import { defaultPartition, openPartitions } from './partitions.ts';
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
  const worklist = await openWorklist({ dataDir, service: name });
  const codecs = new CodecPool();
  await index.addPartition(defaultPartition);
  const service: DicomService = {
    name,
    index,
    blobs,
    worklist,
    settings: { keepPreamble: entry.keepPreamble, partitions: entry.partitions, bulkData: entry.bulkData },
    partitions: openPartitions(index),
    codecs,
    now: () => new Date(),
    close: async () => {
      await codecs.close();
      await index.close();
      await blobs.close();
      await worklist.close();
    },
  };
  // No other process has these stores: whatever had begun before this one did, never ends.
  await cleanUp(service, service.now().getTime());
  return service;
}
