/** The queue, and so the Function, that the messages of the jobs of all DICOM services go to. */
import type { JobMessage, JobsParts } from '../../jobs/jobs.ts';
import { runJobMessage } from '../../jobs/run-step.ts';
import { sendToService } from '../../operations/service-message.ts';
import type { WorkQueue } from '../../stores/queue/work-queue.ts';
import type { DicomService } from '../service.ts';

export const jobsQueue = 'dicom-jobs';

export function sendJobMessage(queue: WorkQueue, service: string): JobsParts['send'] {
  return (message, delaySeconds) => sendToService(queue, jobsQueue, { service, message }, delaySeconds);
}

export async function runJobStep(service: DicomService, message: unknown): Promise<void> {
  const { operationKinds } = await import('./operation-kinds.ts');
  await runJobMessage(
    service.jobs,
    operationKinds.map(({ job }) => job),
    service,
    message as JobMessage,
  );
}
