/** Queue triggers on the work queue: at least once, again after a failure, into `<queue>-poison` after too many. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkMessage, WorkQueue } from '../../shared/stores/queue/work-queue.ts';
import type { TypedData } from '../core/contract.ts';
import type { Listener, ListenerFactory } from './listener.ts';

/** How long a message stays hidden while it is worked on: longer than any step of a job takes. */
const hiddenSeconds = 300;
const shortestPauseMs = 50;
const longestPauseMs = 1000;

export const queueListener: ListenerFactory = (called, { invoke, settings, workQueue }): Listener => {
  const { name } = called.metadata;
  const queueName = String(called.trigger.queueName);
  const { batchSize, maxDequeueCount, visibilityTimeoutSeconds } = settings.queues;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let polling: Promise<void> | undefined;

  const handle = async (queue: WorkQueue, message: WorkMessage) => {
    try {
      await invoke(called, {
        invocationId: randomUUID(),
        data: { string: message.text },
        metadata: messageMetadata(message),
      });
      await queue.remove(queueName, message);
    } catch (error) {
      console.error(`${name} failed on message ${message.id} (delivery ${message.dequeueCount}):`, error);
      await afterFailure(queue, message);
    }
  };

  const afterFailure = async (queue: WorkQueue, message: WorkMessage) => {
    if (message.dequeueCount < maxDequeueCount) {
      await queue.release(queueName, message, visibilityTimeoutSeconds);
      return;
    }
    await queue.send(`${queueName}-poison`, message.text);
    await queue.remove(queueName, message);
  };

  const poll = async () => {
    const queue = await workQueue();
    let pauseMs = shortestPauseMs;
    while (!stopping.signal.aborted) {
      const messages = await queue.receive(queueName, batchSize - running.size, hiddenSeconds);
      for (const message of messages) {
        const work = handle(queue, message)
          .catch((error) => console.error(`${name}: the queue ${queueName} failed:`, error))
          .finally(() => running.delete(work));
        running.add(work);
      }
      if (running.size >= batchSize) await Promise.race(running);
      if (messages.length > 0) pauseMs = shortestPauseMs;
      else {
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  };

  /** A queue that fails for a moment must not end the polling. */
  const pollForEver = async () => {
    while (!stopping.signal.aborted) {
      try {
        await poll();
      } catch (error) {
        console.error(`${name}: the queue ${queueName} cannot be read:`, error);
        await delay(longestPauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };

  return {
    start: () => {
      polling = pollForEver();
    },
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
};

function messageMetadata(message: WorkMessage): Record<string, TypedData> {
  const values = {
    QueueTrigger: message.text,
    Id: message.id,
    DequeueCount: message.dequeueCount,
    InsertionTime: message.insertedOn,
    ExpirationTime: message.expiresOn,
    NextVisibleTime: message.nextVisibleOn,
    PopReceipt: message.popReceipt,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { json: JSON.stringify(value) }]));
}
