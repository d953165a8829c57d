/** The values of a query tag that is being removed, and then the tag, batch by batch. */
import type { Tag } from '../part10/data-set.ts';
import type { DicomService } from '../service.ts';

/** AHDS: values at a time. */
const batchSize = 1000;

export async function takeAway({ index, tags }: Pick<DicomService, 'index' | 'tags'>, tag: Tag): Promise<void> {
  while (!(await index.removeQueryTag(tag, batchSize)));
  await tags.refresh();
}

/** Goes on with removals that a process left in the middle. */
export async function finishRemovals(service: Pick<DicomService, 'index' | 'tags'>): Promise<void> {
  const { tags } = await service.tags.refresh();
  for (const { tag, status } of tags) if (status === 'deleting') await takeAway(service, tag);
}
