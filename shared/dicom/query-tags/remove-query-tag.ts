/** `DELETE /extendedquerytags/{tagPath}`. AHDS: 204 once its values are gone; 400 while it is being added or removed. */

import type { Answer } from '../../operations/operation.ts';
import type { QueryTag } from '../../stores/imaging/query-tags.ts';
import { isActive } from '../../stores/jobs/job-store.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomService } from '../service.ts';
import { queryTagOf } from './read-query-tags.ts';
import { reindexKind } from './reindex-definition.ts';
import { takeAway } from './take-away.ts';

export async function removeQueryTag(call: DicomCall): Promise<Answer> {
  const { service } = call;
  const found = await queryTagOf(call);
  if (found.status === 'deleting' || (await isBeingAdded(service, found))) {
    throw new DicomError('invalid', 'The extended query tag is being added or removed.');
  }
  await service.index.beginQueryTagRemoval(found.tag);
  await service.tags.refresh();
  await takeAway(service, found.tag);
  return { status: 204 };
}

/** A tag whose job has failed is added no more. */
async function isBeingAdded({ jobs }: DicomService, { status, operation }: QueryTag): Promise<boolean> {
  if (status !== 'adding') return false;
  const job = await jobs.read(reindexKind, operation);
  return job !== undefined && isActive(job);
}
