/** Consumers that share a hub's partitions and keep their checkpoints in Blob Storage, with Azure's own library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from './broker.ts';
import { EventHubs } from './event-hubs.ts';
import { type Azurite, startAzurite } from './testing/azurite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-checkpoints-'));
const settings = { partitions: 4, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 10 };
let azurite: Azurite;
let hubs: EventHubs;
let broker: Broker;
beforeAll(async () => {
  azurite = await startAzurite();
  hubs = await EventHubs.open(folder, new Map([['devicedata', settings]]));
  broker = await startBroker({ hubs, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await broker.stop();
  await hubs.close();
  await azurite.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('what one consumer has done with, the next one does not get', async () => {
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('checkpoints');
  await blobs.create();
  const producer = new EventHubProducerClient(broker.connectionString, 'devicedata');
  const send = async (from: number) => {
    for (let number = from; number < from + 20; number++) {
      await producer.sendBatch([{ body: number }], { partitionId: String(number % 4) });
    }
  };

  /** Consumes until it has as many events, checkpoints each batch, and goes. */
  const consume = async (count: number): Promise<number[]> => {
    const numbers: number[] = [];
    const options = { loadBalancingOptions: { strategy: 'greedy' as const, updateIntervalInMs: 200 } };
    const store = new BlobCheckpointStore(blobs);
    const client = new EventHubConsumerClient('$Default', broker.connectionString, 'devicedata', store, options);
    const errors: Error[] = [];
    const subscription = client.subscribe(
      {
        processEvents: async (events, context) => {
          numbers.push(...events.map(({ body }) => Number(body)));
          const last = events.at(-1);
          if (last) await context.updateCheckpoint(last);
        },
        processError: async (error) => void errors.push(error),
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
    );
    await vi.waitFor(() => expect(numbers.length).toBeGreaterThanOrEqual(count), { timeout: 20_000, interval: 50 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await subscription.close();
    await client.close();
    expect(errors).toEqual([]);
    return numbers.toSorted((a, b) => a - b);
  };

  const range = (from: number) => Array.from({ length: 20 }, (_, number) => from + number);
  await send(0);
  expect(await consume(20)).toEqual(range(0));
  await send(20);
  expect(await consume(20)).toEqual(range(20));
  await producer.close();
});
