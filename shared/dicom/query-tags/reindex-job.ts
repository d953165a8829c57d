/**
 * Indexes for new query tags what was stored before them, from the newest instance down, so that a study or series gets the
 * value of the newest that has one.
 *
 * Nothing is missed: once the tags are there, the index takes no instance that was indexed without them; those that it had
 * taken have versions up to the greatest at that moment.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { JobFailure, type JobKind, type StepResult } from '../../jobs/job-kind.ts';
import type { LateValues } from '../../stores/imaging/query-tags.ts';
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import type { DicomService } from '../service.ts';
import { valueFaults } from '../store/vr-rules.ts';
import { mostQueryTags } from './new-query-tags.ts';
import { type ReindexDefinition, type ReindexProgress, reindexKind } from './reindex-definition.ts';
import { tagValues } from './tag-values.ts';

/** A step goes on for so long, then checkpoints. */
const stepMs = 1500;
/** Instances whose metadata is held at a time. */
const pageSize = 20;

export const reindexJob: JobKind<DicomService> = { kind: reindexKind, step };

async function step(service: DicomService, job: StoredJob): Promise<StepResult> {
  const { index, tags: known } = service;
  const { tags } = job.definition as unknown as ReindexDefinition;
  let { top, below } = job.progress as ReindexProgress;
  if (top === undefined || below === undefined) {
    const added = await index.addQueryTags(tags, job.id, mostQueryTags);
    if (added !== 'added') throw new JobFailure('A tag is there already, or there are too many.');
    const [newest] = await index.metadataBelow(Number.MAX_SAFE_INTEGER, 1);
    top = newest?.version ?? 0;
    below = top + 1;
  }
  const until = performance.now() + stepMs;
  const own = (await known.refresh()).tags.filter(({ operation }) => operation === job.id);
  while (performance.now() < until) {
    const page = await index.metadataBelow(below, pageSize);
    const late: LateValues[] = [];
    for (const { version, metadata } of page) {
      await breathe();
      const { values, faults } = tagValues(JSON.parse(Buffer.from(metadata).toString()) as DicomJson, own);
      late.push({ version, values, faults: faults.map(({ tag, fault }) => ({ tag, fault: valueFaults[fault] })) });
    }
    if (late.length > 0) await index.addLateValues(late);
    below = page.at(-1)?.version ?? below;
    if (page.length === pageSize) continue;
    await index.completeQueryTags(job.id);
    await known.refresh();
    return { progress: { top, below: 0 }, done: true };
  }
  return { progress: { top, below }, done: false };
}
