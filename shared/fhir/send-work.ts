import type { WorkQueue } from '../stores/queue/work-queue.ts';

/** What a message of a background row holds. */
export interface Envelope {
  /** The instance's name in workspace.json. */
  readonly service: string;
  readonly message: unknown;
}

/** Asks for work by a background row; durable once it answers, done at least once, after `delaySeconds` or later. */
export type SendWork = (row: string, message: unknown, delaySeconds?: number) => Promise<void>;

export function queueOf(row: string): string {
  return `fhir-${row}`;
}

export function sendWork(queue: WorkQueue, service: string): SendWork {
  return (row, message, delaySeconds) =>
    queue.send(queueOf(row), JSON.stringify({ service, message } satisfies Envelope), delaySeconds);
}
