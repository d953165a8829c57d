/** `GET /operations/{operationId}`. AHDS: 202 with its own address while the operation is not over, then 200. */
import type { Answer } from '../../operations/operation.ts';
import { isActive, type JobState, type StoredJob } from '../../stores/jobs/job-store.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { jsonHeaders } from '../json-body.ts';
import type { DicomVersion } from '../store/validate-instance.ts';
import { type OperationKind, operationKinds } from './operation-kinds.ts';
import { jobOf, operationLink } from './operation-link.ts';

export async function readOperation(call: DicomCall): Promise<Answer> {
  const id = jobOf(call.params.operationId ?? '');
  for (const kind of id === undefined ? [] : operationKinds) {
    const job = await call.service.jobs.read(kind.job.kind, id ?? '');
    if (job) return answer(call, kind, job);
  }
  throw new DicomError('not-found', 'There is no such operation.');
}

function answer(call: DicomCall, kind: OperationKind, job: StoredJob): Answer {
  const { id, href } = operationLink(call, job.id);
  const active = isActive(job);
  const resources = kind.resources?.(call, job) ?? [];
  const results = active ? undefined : kind.results?.(call, job);
  const failed = job.state === 'Completed' && kind.hasFailed?.(job) === true;
  const body = {
    operationId: id,
    type: kind.type,
    createdTime: timeText(job.queued),
    lastUpdatedTime: timeText(job.changed),
    status: statusOf(failed ? 'Failed' : job.state, call.version),
    percentComplete: job.state === 'Completed' ? 100 : kind.percent(job),
    ...(resources.length > 0 && { resources }),
    ...(results && { results }),
  };
  const headers = { ...jsonHeaders, ...(active && { Location: href }) };
  return { status: active ? 202 : 200, headers, body: JSON.stringify(body) };
}

const statuses: Readonly<Record<JobState, string>> = {
  Queued: 'notStarted',
  Running: 'running',
  Completed: 'succeeded',
  Failed: 'failed',
  Canceled: 'canceled',
};

/** v1 says `completed` where v2 says `succeeded`. */
function statusOf(state: JobState, version: DicomVersion): string {
  return state === 'Completed' && version === 1 ? 'completed' : statuses[state];
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace('Z', '+00:00');
}
