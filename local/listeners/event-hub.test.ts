import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import rhea, { type Message } from 'rhea';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { triggerEvents } from '../../shared/medtech/envelope/trigger-events.ts';
import type { RetryOptions } from '../core/contract.ts';
import type { RegisteredFunction } from '../core/function-registry.ts';
import type { Trigger } from '../core/invocation.ts';
import { incomingMessage } from '../event-hubs/amqp/incoming-message.ts';
import { EventHubs } from '../event-hubs/event-hubs.ts';
import type { Listener } from './listener.ts';
import { makeListeners } from './listeners.ts';
import { retryDelay } from './retry-delay.ts';

const hub = { partitions: 2, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 10 };
const forEver: RetryOptions = { maxRetryCount: -1, retryStrategy: 'exponentialBackoff' };
let folder: string;
let hubs: EventHubs;
const open = async () => {
  hubs = await EventHubs.open(folder, new Map([['devicedata', hub]]));
};
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-trigger-'));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await open();
});
afterEach(async () => {
  await hubs.close();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function send(partitionId: string, bodies: readonly string[], more: object = {}): Promise<void> {
  const { message } = rhea;
  const events = bodies.flatMap((body) => {
    const encoded = message.encode({ ...more, body: message.data_section(Buffer.from(body)) } as unknown as Message);
    return [...incomingMessage(encoded as unknown as Buffer, 0).events];
  });
  await hubs.hub('devicedata')?.send({ partitionId }, events);
}

function listener(invoke: (trigger: Trigger) => Promise<unknown>, retryOptions?: RetryOptions): Listener {
  const trigger = {
    type: 'eventHubTrigger',
    direction: 'in' as const,
    bindingName: 'events',
    eventHubName: 'DeviceData',
  };
  const called: RegisteredFunction = {
    metadata: { name: 'worker', bindings: { events: trigger }, ...(retryOptions && { retryOptions }) },
    trigger,
    callback: () => undefined,
  };
  const [made] = makeListeners([called], {
    invoke: (_, each) => invoke(each),
    settings: {
      queues: { batchSize: 2, maxDequeueCount: 3, visibilityTimeoutSeconds: 0 },
      eventHubs: { maxEventBatchSize: 3 },
    },
    workQueue: () => Promise.reject(new Error('none')),
    eventHubs: async () => hubs,
  });
  if (!made) throw new Error('no listener');
  return made;
}

const bytesOf = ({ data }: Trigger) => (data as { collectionBytes: { bytes: Uint8Array[] } }).collectionBytes.bytes;
const texts = (trigger: Trigger) => bytesOf(trigger).map((bytes) => Buffer.from(bytes).toString());
const metadataOf = ({ metadata = {} }: Trigger) =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, JSON.parse((value as { json: string }).json)]),
  );

describe('an Event Hub trigger', () => {
  it('gets batches in the shape of the real host', async () => {
    const seen: Trigger[] = [];
    await send('1', ['{"a":1}', 'no JSON'], {
      message_id: 'm1',
      content_type: 'application/json',
      application_properties: { Level: 5, at: new Date(1000) },
      message_annotations: { 'iothub-connection-device-id': 'd1', 'x-opt-partition-key': 'k' },
    });
    const worker = listener(async (trigger) => seen.push(trigger));
    worker.start();
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    await worker.stop();
    const [trigger] = seen as [Trigger];
    expect(texts(trigger)).toEqual(['{"a":1}', 'no JSON']);
    const metadata = metadataOf(trigger);
    const enqueued = metadata.EnqueuedTimeUtcArray[0];
    expect(metadata).toMatchObject({
      PartitionKeyArray: ['k', 'k'],
      SequenceNumberArray: [0, 1],
      OffsetArray: ['0', expect.stringMatching(/^\d+$/)],
      PropertiesArray: Array(2).fill({ Level: 5, at: '1970-01-01T00:00:01.000Z' }),
      PartitionContext: { EventHubName: 'devicedata', ConsumerGroup: '$Default', PartitionId: '1' },
    });
    expect(metadata.SystemPropertiesArray[0]).toEqual({
      'message-id': 'm1',
      'content-type': 'application/json',
      'iothub-connection-device-id': 'd1',
      'x-opt-partition-key': 'k',
      'x-opt-sequence-number': 0,
      'x-opt-offset': '0',
      'x-opt-enqueued-time': enqueued,
      SequenceNumber: 0,
      Offset: '0',
      EnqueuedTimeUtc: enqueued,
      PartitionKey: 'k',
    });
    // The Functions library makes the first letter of every name small.
    const small = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(small)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([k, v]) => [k.charAt(0).toLowerCase() + k.slice(1), small(v)]),
            )
          : value;
    const [event] = triggerEvents(bytesOf(trigger), small(metadata) as Record<string, unknown>);
    expect(event).toMatchObject({ partitionId: '1', sequenceNumber: 0, offset: '0', properties: { level: 5 } });
    expect(event?.systemProperties).not.toHaveProperty('sequenceNumber');
  });

  it('gets one batch of a partition at a time, in order, of at most maxEventBatchSize', async () => {
    const running = new Map<string, number>();
    const seen: string[] = [];
    const numbers = Array.from({ length: 10 }, (_, number) => String(number));
    await send('0', numbers);
    await send('1', numbers);
    let overlaps = 0;
    const worker = listener(async (trigger) => {
      const partition = metadataOf(trigger).PartitionContext.PartitionId;
      const now = (running.get(partition) ?? 0) + 1;
      running.set(partition, now);
      if (now > 1) overlaps += 1;
      expect(bytesOf(trigger).length).toBeLessThanOrEqual(3);
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(...texts(trigger).map((text) => `${partition}/${text}`));
      running.set(partition, now - 1);
    });
    worker.start();
    await vi.waitFor(() => expect(seen).toHaveLength(20));
    await worker.stop();
    expect(overlaps).toBe(0);
    for (const partition of ['0', '1']) {
      const own = seen.filter((each) => each.startsWith(`${partition}/`));
      expect(own).toEqual(numbers.map((number) => `${partition}/${number}`));
    }
  });

  it('gets a batch again until it succeeds, and only then the next one', async () => {
    const seen: string[] = [];
    let failures = 3;
    const worker = listener(async (trigger) => {
      seen.push(texts(trigger).join());
      if (failures-- > 0) throw new Error('not yet');
    }, forEver);
    await send('0', ['a', 'b', 'c', 'd']);
    worker.start();
    await vi.waitFor(() => expect(seen).toEqual(['a,b,c', 'a,b,c', 'a,b,c', 'a,b,c', 'd']));
    await worker.stop();
  });

  it('as in Azure: when the retries are spent the checkpoint moves on', async () => {
    const seen: string[] = [];
    const fixed: RetryOptions = { maxRetryCount: 1, retryStrategy: 'fixedDelay', delayInterval: { seconds: 0 } };
    const worker = listener(async (trigger) => {
      seen.push(texts(trigger).join());
      throw new Error('never');
    }, fixed);
    await send('0', ['a', 'b', 'c', 'd']);
    worker.start();
    await vi.waitFor(() => expect(seen).toEqual(['a,b,c', 'a,b,c', 'd', 'd']));
    await worker.stop();
  });

  it('goes on behind its checkpoint after a restart; a batch that had not succeeded comes again', async () => {
    const seen: string[] = [];
    await send('0', ['a', 'b', 'c', 'd']);
    const first = listener(
      async (trigger) => {
        seen.push(texts(trigger).join());
        if (seen.length === 2) throw new Error('not yet');
      },
      { ...forEver, minimumInterval: { seconds: 30 }, maximumInterval: { seconds: 30 } },
    );
    first.start();
    await vi.waitFor(() => expect(seen).toEqual(['a,b,c', 'd']));
    // It does not wait for the pause to end.
    await first.stop();
    await hubs.close();
    await open();
    const second = listener(async (trigger) => seen.push(texts(trigger).join()));
    second.start();
    await vi.waitFor(() => expect(seen).toEqual(['a,b,c', 'd', 'd']));
    await send('0', ['e']);
    await vi.waitFor(() => expect(seen.at(-1)).toBe('e'));
    await second.stop();
  });
});

describe('the pause before a batch comes again', () => {
  it('grows from the shortest to the longest', () => {
    const policy = { ...forEver, minimumInterval: { seconds: 1 }, maximumInterval: { seconds: 30 } };
    expect([1, 2, 3, 6, 1000].map((failures) => retryDelay(policy, failures))).toEqual([
      1000, 2000, 4000, 30000, 30000,
    ]);
  });

  it('without a policy there is none: the batch does not come again', () => {
    expect(retryDelay(undefined, 1)).toBeUndefined();
  });
});
