/** `$reindex` over the whole service: its job is started, read, cancelled. AHDS's statuses and bodies. */
import { isActive, type StoredJob } from '../../stores/jobs/job-store.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { resourceResponse } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';
import { reindexDefinition, reindexKind } from './reindex-definition.ts';
import { reindexParameters } from './reindex-parameters.ts';
import { noProgress } from './reindex-progress.ts';

/** `POST /$reindex`: 201 with the job; the active one where there is one. */
export async function startReindex(request: FhirRequest): Promise<FhirResponse> {
  const prefer = request.header('prefer');
  if (prefer !== undefined && prefer.trim() !== 'respond-sync') {
    throw new FhirError('invalid', 'Prefer of $reindex, where it is sent, must be respond-sync.');
  }
  await request.service.parameters.refresh();
  const definition = reindexDefinition(request);
  const { job } = await request.service.jobs.start(reindexKind, definition, { ...noProgress });
  return answer(request, job, 201);
}

/** `GET /$reindex`: the active job; 405 when there is none. */
export async function activeReindex(request: FhirRequest): Promise<FhirResponse> {
  const job = await request.service.jobs.active(reindexKind);
  if (job) return answer(request, job, 200);
  throw new FhirError('method-not-allowed', 'No reindex job is active.');
}

export async function readReindex(request: FhirRequest): Promise<FhirResponse> {
  return answer(request, await jobOf(request), 200);
}

/** AHDS: 409 when the job has ended already. */
export async function cancelReindex(request: FhirRequest): Promise<FhirResponse> {
  const before = await jobOf(request);
  if (!isActive(before)) throw new FhirError('conflict', `The reindex job is ${before.state} already.`);
  return answer(request, (await request.service.jobs.cancel(reindexKind, before.id)) ?? before, 202);
}

async function jobOf(request: FhirRequest): Promise<StoredJob> {
  const job = await request.service.jobs.read(reindexKind, request.id ?? '');
  if (job) return job;
  throw new FhirError('not-found', 'There is no reindex job with this id.');
}

function answer({ base }: FhirRequest, job: StoredJob, status: number): FhirResponse {
  return {
    ...resourceResponse(reindexParameters(job), status),
    headers: { 'Content-Location': `${base}/_operations/reindex/${job.id}` },
  };
}
