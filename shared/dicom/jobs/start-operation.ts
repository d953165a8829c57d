/** A request that begins a job. AHDS: 202 with its address; 409, with the address of the other, while one of its kind runs. */
import type { Answer } from '../../operations/operation.ts';
import type { JobData } from '../../stores/jobs/job-store.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { jsonHeaders } from '../json-body.ts';
import { operationLink } from './operation-link.ts';

export interface StartOptions {
  /** Done with the id of the new job before the answer. */
  readonly begin?: (id: string) => Promise<void>;
  /** Several of its kind may run. */
  readonly besideOthers?: boolean;
}

export async function startOperation(
  call: DicomCall,
  kind: string,
  definition: JobData,
  { begin, besideOthers = false }: StartOptions = {},
): Promise<Answer> {
  const { job, created } = await call.service.jobs.start(kind, definition, {}, besideOthers);
  const link = operationLink(call, job.id);
  if (!created) throw operationRuns(link.href);
  await begin?.(job.id);
  call.audit.resourceId = link.id;
  return { status: 202, headers: { ...jsonHeaders, Location: link.href }, body: JSON.stringify(link) };
}

export function operationRuns(href: string): DicomError {
  return new DicomError('conflict', 'An operation of this kind is running.', { Location: href });
}
