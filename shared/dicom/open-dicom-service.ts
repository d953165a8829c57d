import { Jobs } from '../jobs/jobs.ts';
import { systemText } from '../operations/errors.ts';
import {
  openBlobStore,
  openEventCursors,
  openExportStore,
  openImagingIndex,
  openImportStore,
  openJobStore,
  openWorklist,
  openWorkQueue,
} from '../stores/embedded/open-embedded-stores.ts';
import { tidyUp } from './clean-up.ts';
import { CodecPool } from './codecs/codec-pool.ts';
import { openEvents } from './events/open-events.ts';
import type { EventSettings } from './events/settings.ts';
import { sendJobMessage } from './jobs/jobs-queue.ts';
import { openPartitions } from './partitions.ts';
import { KnownTags } from './query-tags/known-tags.ts';
import type { DicomService, DicomSettings } from './service.ts';

/** Opens the DICOM service `name` on its stores below `dataDir`. */
export async function openDicomService(options: {
  readonly name: string;
  readonly entry: DicomSettings & { readonly events?: EventSettings; readonly bulkImport?: boolean };
  readonly dataDir: string;
}): Promise<DicomService> {
  const { name, entry, dataDir } = options;
  const index = await openImagingIndex({ dataDir, service: name });
  const blobs = await openBlobStore({ dataDir, service: name });
  const worklist = await openWorklist({ dataDir, service: name });
  const queue = await openWorkQueue(dataDir);
  const jobStore = await openJobStore(dataDir);
  const codecs = new CodecPool();
  const jobs = new Jobs({
    service: name,
    store: jobStore,
    send: sendJobMessage(queue, name),
    now: Date.now,
    onError: (error) => console.error(`A job of the service ${name} failed in a step: ${systemText(error)}`),
  });
  const events =
    entry.events && (await openEvents(entry.events, await openEventCursors({ dataDir, service: name }), index));
  const service: DicomService = {
    name,
    index,
    blobs,
    worklist,
    exports: openExportStore(dataDir),
    settings: { keepPreamble: entry.keepPreamble, partitions: entry.partitions, bulkData: entry.bulkData },
    partitions: openPartitions(index),
    tags: new KnownTags(index),
    jobs,
    imports: entry.bulkImport ? await openImportStore({ dataDir, service: name }) : undefined,
    events,
    codecs,
    now: () => new Date(),
    close: async () => {
      await recovery;
      await events?.close();
      await codecs.close();
      await index.close();
      await blobs.close();
      await worklist.close();
      await jobStore.close();
      await queue.close();
    },
  };
  await jobs.resume();
  // No other process has these stores: whatever had begun before this one did, never ends. Nobody waits for it to be tidied.
  const recovery = tidyUp(service, service.now().getTime()).catch((error: unknown) =>
    console.error(`The service ${name} could not tidy up at its start: ${systemText(error)}`),
  );
  return service;
}
