/** Messages on the work queue for a service: those of all instances of a kind go to one queue, and say whose they are. */
import type { WorkQueue } from '../stores/queue/work-queue.ts';
import type { BackgroundOperation } from './background.ts';

interface ServiceMessage {
  /** The instance's name in workspace.json. */
  readonly service: string;
  readonly message: unknown;
}

/** Durable once it answers; visible after `delaySeconds`. */
export function sendToService(
  queue: WorkQueue,
  name: string,
  { service, message }: ServiceMessage,
  delaySeconds?: number,
): Promise<void> {
  return queue.send(name, JSON.stringify({ service, message }), delaySeconds);
}

/** Runs each message with the service that it is for. */
export function runWithService<Service>(
  serviceOf: (name: string) => Promise<Service>,
  run: (service: Service, message: unknown) => Promise<void>,
): BackgroundOperation['run'] {
  return async (text) => {
    const { service, message } = JSON.parse(text) as ServiceMessage;
    await run(await serviceOf(service), message);
  };
}
