import { readFileSync } from 'node:fs';
import { StartError } from '../shared/workspace/start-error.ts';

/** What the local host heeds of host.json. */
export interface HostSettings {
  readonly queues: {
    /** Messages worked on at a time. */
    readonly batchSize: number;
    /** Deliveries before a message goes to the poison queue. */
    readonly maxDequeueCount: number;
    /** Seconds between a failure and the next delivery. */
    readonly visibilityTimeoutSeconds: number;
  };
  readonly eventHubs: {
    /** Events that an invocation gets at most. */
    readonly maxEventBatchSize: number;
  };
}

/** Throws when host.json asks for what the local host does not do. */
export function readHostSettings(file: string): HostSettings {
  const { extensions } = JSON.parse(readFileSync(file, 'utf8'));
  if (extensions?.http?.routePrefix !== '') throw new StartError(`${file}: extensions.http.routePrefix must be "".`);
  const { batchSize = 16, maxDequeueCount = 5, visibilityTimeout = '00:00:00' } = extensions.queues ?? {};
  const [hours = 0, minutes = 0, seconds = 0] = String(visibilityTimeout).split(':').map(Number);
  const visibilityTimeoutSeconds = (hours * 60 + minutes) * 60 + seconds;
  const { maxEventBatchSize = 10 } = extensions.eventHubs ?? {};
  return { queues: { batchSize, maxDequeueCount, visibilityTimeoutSeconds }, eventHubs: { maxEventBatchSize } };
}
