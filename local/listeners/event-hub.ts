/**
 * Event Hub triggers: of each partition one batch at a time, in order, at least once. A batch that fails comes again as
 * the Function's retry policy says; the checkpoint moves behind a batch when it is done with. What host.json says of
 * waiting for more events (`minEventBatchSize`) is not heeded: here an event is worked on when it comes.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventHub } from '../event-hubs/event-hub.ts';
import type { PartitionLog } from '../event-hubs/log/partition-log.ts';
import type { StoredEvent } from '../event-hubs/log/record.ts';
import type { Listener, ListenerFactory } from './listener.ts';
import { retryDelay } from './retry-delay.ts';

/** Bytes of a batch, about. */
const mostBatchBytes = 512 * 1024;
/** After the log could not be read. */
const pauseMs = 1000;

export const eventHubListener: ListenerFactory = (called, { invoke, settings, eventHubs }): Listener => {
  const { name, retryOptions } = called.metadata;
  const hubName = String(called.trigger.eventHubName);
  const consumerGroup = String(called.trigger.consumerGroup ?? '$Default');
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<unknown> | undefined;

  /** Until it is done with: it has succeeded, or its retries are spent. False: the host is stopping. */
  const deliver = async (hub: EventHub, partition: PartitionLog, events: readonly StoredEvent[]): Promise<boolean> => {
    const { eventHubTrigger } = await import('./event-hub-trigger.ts');
    for (let failures = 0; ; ) {
      try {
        const trigger = eventHubTrigger(events, { hub: hub.name, consumerGroup, partitionId: partition.id });
        await invoke(called, { invocationId: randomUUID(), ...trigger });
        return true;
      } catch (error) {
        failures += 1;
        const waitMs = retryDelay(retryOptions, failures);
        const next = waitMs === undefined ? 'is given up, as its retry policy says' : 'comes again';
        console.error(`${name} failed on a batch of partition ${partition.id}, which ${next}:`, error);
        if (waitMs === undefined) return true;
        await delay(waitMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return false;
      }
    }
  };

  const readPartition = async (hub: EventHub, partition: PartitionLog) => {
    const { checkpoints } = await eventHubs();
    const place = { hub: hub.name, consumerGroup, partitionId: partition.id };
    const checkpoint = await checkpoints.load(place);
    let position = await partition.find(
      checkpoint
        ? { kind: 'sequence-number', value: checkpoint.sequenceNumber, inclusive: false }
        : { kind: 'earliest' },
    );
    while (!signal.aborted) {
      const events = await partition.read(position, mostBatchBytes);
      const batch = events.slice(0, settings.eventHubs.maxEventBatchSize);
      const last = batch.at(-1);
      if (!last) {
        await appended(partition, position, signal);
        continue;
      }
      if (!(await deliver(hub, partition, batch))) return;
      await checkpoints.save(place, { sequenceNumber: last.sequenceNumber, offset: String(last.position) });
      position = last.next;
    }
  };

  /** A disk that fails for a moment must not end the reading. */
  const readForEver = async (hub: EventHub, partition: PartitionLog) => {
    while (!signal.aborted) {
      try {
        await readPartition(hub, partition);
      } catch (error) {
        console.error(`${name}: partition ${partition.id} cannot be read:`, error);
        await delay(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  };

  const readAll = async () => {
    const hub = (await eventHubs()).hub(hubName);
    if (!hub) throw new Error(`There is no Event Hub ${hubName}.`);
    await Promise.all(hub.partitions.map((partition) => readForEver(hub, partition)));
  };

  return {
    start: () => {
      running = readAll().catch((error) => console.error(`${name} gets no events:`, error));
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

/** Resolves when there is more behind `position`, or when stopping. */
function appended(partition: PartitionLog, position: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopListening();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stopListening = partition.onAppend(done);
    signal.addEventListener('abort', done);
    if (signal.aborted || partition.end > position) done();
  });
}
