/** The queue, and so the Function, that the messages of the jobs of all DICOM services go to. */
import type { JobMessage, JobsParts } from '../../jobs/jobs.ts';
import { runJobMessage } from '../../jobs/run-step.ts';
import type { WorkQueue } from '../../stores/queue/work-queue.ts';
import type { DicomService } from '../service.ts';

export const jobsQueue = 'dicom-jobs';

interface Envelope {
  /** The instance's name in workspace.json. */
  readonly service: string;
  readonly message: JobMessage;
}

export function sendJobMessage(queue: WorkQueue, service: string): JobsParts['send'] {
  return (message, delaySeconds) =>
    queue.send(jobsQueue, JSON.stringify({ service, message } satisfies Envelope), delaySeconds);
}

export async function runJobStep(text: string, serviceOf: (name: string) => Promise<DicomService>): Promise<void> {
  const { service: name, message } = JSON.parse(text) as Envelope;
  const service = await serviceOf(name);
  const { operationKinds } = await import('./operation-kinds.ts');
  await runJobMessage(
    service.jobs,
    operationKinds.map(({ job }) => job),
    service,
    message,
  );
}
