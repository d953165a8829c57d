import { sendToService } from '../operations/service-message.ts';
import type { WorkQueue } from '../stores/queue/work-queue.ts';

/** Asks for work by a background row; durable once it answers, done at least once, after `delaySeconds` or later. */
export type SendWork = (row: string, message: unknown, delaySeconds?: number) => Promise<void>;

export function queueOf(row: string): string {
  return `fhir-${row}`;
}

export function sendWork(queue: WorkQueue, service: string): SendWork {
  return (row, message, delaySeconds) => sendToService(queue, queueOf(row), { service, message }, delaySeconds);
}
