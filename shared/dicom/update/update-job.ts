/**
 * The studies of a bulk update, one after the other. An instance that is changed has a version above those that the study
 * had at its beginning, so that a step that is begun again meets only what is not changed yet.
 */
import type { JobKind, StepResult } from '../../jobs/job-kind.ts';
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import type { DicomService } from '../service.ts';
import { type UpdateDefinition, type UpdateProgress, updateKind } from './update-definition.ts';
import { updateInstance } from './update-instance.ts';

/** A step goes on for so long, then checkpoints. */
const stepMs = 1500;
const pageSize = 20;
/** AHDS: lines about single instances. */
const mostErrorLines = 5;

export const updateJob: JobKind<DicomService> = { kind: updateKind, step };

async function step(service: DicomService, job: StoredJob): Promise<StepResult> {
  const definition = job.definition as unknown as UpdateDefinition;
  const { partition, studies, changes } = definition;
  const progress: UpdateProgress = job.progress;
  const study = studies[progress.at ?? 0];
  if (study === undefined) return { progress: { ...progress }, done: true };
  const scope = { partition, study };
  if (progress.top === undefined) {
    const { count, version } = await service.index.stamp(scope);
    // AHDS: a study that is not there counts neither as changed nor as failed.
    const next = count === 0 ? { ...progress, at: (progress.at ?? 0) + 1 } : { ...progress, top: version, count };
    return { progress: next, done: false };
  }
  let { after = 0, failedInStudy = 0, errors = [] } = progress;
  const until = performance.now() + stepMs;
  for (;;) {
    const page = await service.index.instances(scope, pageSize, after);
    for (const instance of page) {
      if (instance.version > progress.top)
        return { progress: studyEnded(progress, study, failedInStudy, errors), done: false };
      const failure = await updateInstance(service, instance, changes);
      after = instance.version;
      if (failure !== undefined) {
        failedInStudy += 1;
        if (failedInStudy <= mostErrorLines) errors = [...errors, `${instance.key.instance}: ${failure}`];
      }
      if (performance.now() >= until) return { progress: { ...progress, after, failedInStudy, errors }, done: false };
    }
    if (page.length < pageSize) return { progress: studyEnded(progress, study, failedInStudy, errors), done: false };
  }
}

function studyEnded(
  { at = 0, count = 0, studyUpdated = 0, studyFailed = 0, instanceUpdated = 0 }: UpdateProgress,
  study: string,
  failed: number,
  errors: readonly string[],
): Record<string, unknown> {
  const line = `Study ${study}: ${failed} of ${count} instances could not be changed.`;
  return {
    at: at + 1,
    studyUpdated: studyUpdated + (failed === 0 ? 1 : 0),
    studyFailed: studyFailed + (failed === 0 ? 0 : 1),
    instanceUpdated: instanceUpdated + count - failed,
    errors: failed === 0 ? errors : [...errors, line],
  };
}
