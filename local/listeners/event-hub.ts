/**
 * Event Hub triggers: of each partition one batch at a time, in order, at least once. A batch that fails comes again, later
 * each time; the checkpoint moves behind a batch when it has succeeded.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TypedData } from '../core/contract.ts';
import { bodyBytes, decoded, systemPropertiesOf } from '../event-hubs/amqp-message.ts';
import type { StoredEvent } from '../event-hubs/event-log.ts';
import type { Listener, ListenerFactory } from './listener.ts';

const firstPauseMs = 1000;
const longestPauseMs = 30_000;

export const eventHubListener: ListenerFactory = (called, { invoke, settings, eventHubs }): Listener => {
  const { name } = called.metadata;
  const hubName = String(called.trigger.eventHubName);
  const group = String(called.trigger.consumerGroup ?? '$Default');
  const stopping = new AbortController();
  let running: Promise<unknown> | undefined;

  const readPartitions = async () => {
    const hubs = await eventHubs();
    const hub = hubs.find(hubName);
    if (!hub) throw new Error(`Function ${name}: there is no Event Hub ${hubName}.`);
    const { log } = hubs;

    const readPartition = async (partition: number) => {
      let pauseMs = firstPauseMs;
      while (!stopping.signal.aborted) {
        const from = log.checkpoint(hub.name, group, partition) + 1;
        const events = log.read(hub.name, partition, from, settings.eventHubs.maxEventBatchSize);
        const last = events.at(-1);
        if (!last) {
          await appended(log.onAppend.bind(log), stopping.signal);
          continue;
        }
        try {
          await invoke(called, {
            invocationId: randomUUID(),
            ...triggerOf(events, partition, { namespace: 'localhost', hub: hub.name, group }),
          });
          log.setCheckpoint(hub.name, group, partition, last.sequence);
          pauseMs = firstPauseMs;
        } catch (error) {
          console.error(`${name} failed on a batch of partition ${partition}, which comes again:`, error);
          await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
          pauseMs = Math.min(pauseMs * 2, longestPauseMs);
        }
      }
    };

    await Promise.all(Array.from({ length: hub.partitions }, (_, partition) => readPartition(partition)));
  };

  return {
    start: () => {
      running = readPartitions().catch((error) => console.error(`${name} gets no events:`, error));
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

/** Resolves when events have come, or when stopping. */
function appended(onAppend: (listener: () => void) => () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unlisten();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unlisten = onAppend(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** The shape in which the real host hands a batch to the worker: bodies, and arrays of all else beside them. */
function triggerOf(
  events: readonly StoredEvent[],
  partition: number,
  { namespace, hub, group }: { namespace: string; hub: string; group: string },
): { data: TypedData; metadata: Record<string, TypedData> } {
  const messages = events.map(({ message }) => decoded(message));
  const arrays = {
    PartitionKeyArray: messages.map((message) => message.message_annotations?.['x-opt-partition-key'] ?? null),
    SequenceNumberArray: events.map(({ sequence }) => sequence),
    OffsetArray: events.map(({ sequence }) => String(sequence)),
    EnqueuedTimeUtcArray: events.map(({ enqueued }) => new Date(enqueued).toISOString()),
    PropertiesArray: messages.map((message) => message.application_properties ?? {}),
    SystemPropertiesArray: messages.map((message, index) => ({
      ...systemPropertiesOf(message),
      SequenceNumber: events[index]?.sequence,
      Offset: String(events[index]?.sequence),
      EnqueuedTimeUtc: new Date(events[index]?.enqueued ?? 0).toISOString(),
    })),
    PartitionContext: {
      FullyQualifiedNamespace: namespace,
      EventHubName: hub,
      ConsumerGroup: group,
      PartitionId: String(partition),
    },
  };
  return {
    data: { collectionBytes: { bytes: messages.map(bodyBytes) } },
    metadata: Object.fromEntries(Object.entries(arrays).map(([key, value]) => [key, { json: JSON.stringify(value) }])),
  };
}
