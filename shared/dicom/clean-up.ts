/**
 * Removes the files that do not count: of instances that were deleted or replaced, and of uploads that never became
 * instances. The index names them until they are gone, so that a process that dies in between leaves nothing behind.
 */
import { finishRemovals } from './query-tags/take-away.ts';
import { type DicomService, fileOf } from './service.ts';

const batchSize = 100;
/** An upload that is not stored after this time has been given up. */
const givenUpAfterMs = 24 * 60 * 60 * 1000;

/** Everything that was left in the middle: files that do not count, and query tags on their way out. */
export async function tidyUp(service: DicomService, begunBefore?: number): Promise<void> {
  if (!(await service.index.hasUnfinished())) return;
  await cleanUp(service, begunBefore);
  await finishRemovals(service);
}

/** `begunBefore`: uploads that began earlier are given up; default a day ago. Answers how many files went. */
async function cleanUp({ index, blobs, now }: DicomService, begunBefore?: number): Promise<number> {
  const time = now().getTime();
  const times = { removedBefore: time + 1, begunBefore: begunBefore ?? time - givenUpAfterMs };
  let count = 0;
  for (;;) {
    const versions = await index.leftovers(times, batchSize);
    for (const version of versions) await blobs.remove(fileOf(version));
    if (versions.length > 0) await index.cleaned(versions);
    count += versions.length;
    if (versions.length < batchSize) return count;
  }
}
