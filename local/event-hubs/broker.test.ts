import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from './broker.ts';
import { EventHubs } from './event-hubs.ts';

let folder: string;
let hubs: EventHubs;
let broker: Broker;
const clients: { close(): Promise<void> }[] = [];

const settings = {
  partitions: 4,
  consumerGroups: ['$Default', 'other'],
  retentionHours: 1,
  maxMegabytes: 100,
};
const open = async () => {
  hubs = await EventHubs.open(folder, new Map([['devicedata', settings]]));
  broker = await startBroker({ hubs, host: '127.0.0.1', port: 0 });
};
const close = async () => {
  await Promise.all(clients.splice(0).map((client) => client.close().catch(() => {})));
  await broker.stop();
  await hubs.close();
};
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-hubs-'));
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const connectionString = () => broker.connectionString;
function kept<Client extends { close(): Promise<void> }>(client: Client): Client {
  clients.push(client);
  return client;
}
const options = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } };
const producer = (hub = 'devicedata') => kept(new EventHubProducerClient(connectionString(), hub, options));
const consumer = (group = '$Default', hub = 'devicedata') =>
  kept(new EventHubConsumerClient(group, connectionString(), hub, options));

/** The first `count` events of a partition, or of all, from `startPosition` on. */
async function received(count: number, startPosition: EventPosition, partition?: string): Promise<ReceivedEventData[]> {
  const events: ReceivedEventData[] = [];
  const handlers = {
    processEvents: async (batch: ReceivedEventData[]) => void events.push(...batch),
    processError: async () => {},
  };
  const subscribed = { startPosition, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true };
  const subscription =
    partition === undefined
      ? consumer().subscribe(handlers, subscribed)
      : consumer().subscribe(partition, handlers, subscribed);
  await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(count), { timeout: 15_000, interval: 20 });
  await subscription.close();
  return events;
}

const text = ({ body }: ReceivedEventData) => Buffer.from(body).toString();

describe('a client of Event Hubs', () => {
  it('asks for the hub and its partitions', async () => {
    const client = producer();
    expect(await client.getEventHubProperties()).toMatchObject({
      name: 'devicedata',
      partitionIds: ['0', '1', '2', '3'],
    });
    expect(await client.getPartitionProperties('1')).toMatchObject({
      partitionId: '1',
      isEmpty: true,
      lastEnqueuedSequenceNumber: -1,
    });
  });

  it('gets what it has sent, in order, with its place and properties', async () => {
    const client = producer();
    const batch = await client.createBatch({ partitionId: '2' });
    for (const number of [1, 2, 3]) {
      batch.tryAdd({ body: { number }, contentType: 'application/json', properties: { device: 'd1', level: 5 } });
    }
    await client.sendBatch(batch);
    await client.sendBatch([{ body: { number: 4 } }], { partitionId: '2' });
    const events = await received(4, earliestEventPosition, '2');
    expect(events.map(text)).toEqual([1, 2, 3, 4].map((number) => JSON.stringify({ number })));
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2, 3]);
    const offsets = events.map(({ offset }) => Number(offset));
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect(events[0]).toMatchObject({ contentType: 'application/json', properties: { device: 'd1', level: 5 } });
    expect(Math.abs(Number(events[0]?.enqueuedTimeUtc) - Date.now())).toBeLessThan(60_000);
    expect(await client.getPartitionProperties('2')).toMatchObject({
      isEmpty: false,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: 3,
      lastEnqueuedOffset: events[3]?.offset,
    });
  });

  it('begins where it asks to', async () => {
    const client = producer();
    for (const number of [0, 1, 2]) await client.sendBatch([{ body: number }], { partitionId: '0' });
    const from = async (position: EventPosition, count: number) => (await received(count, position, '0')).map(text);
    expect(await from({ sequenceNumber: 1 }, 1)).toEqual(['2']);
    expect(await from({ sequenceNumber: 1, isInclusive: true }, 2)).toEqual(['1', '2']);
    expect(await from({ offset: '0' }, 2)).toEqual(['1', '2']);
    expect(await from({ enqueuedOn: new Date(0) }, 3)).toEqual(['0', '1', '2']);
    expect(await from({ offset: '-1' }, 3)).toEqual(['0', '1', '2']);
    const latest = received(1, latestEventPosition, '0');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.sendBatch([{ body: 'new' }], { partitionId: '0' });
    expect((await latest).map(text)).toEqual(['"new"']);
  });

  it('finds events of one key in one partition, in their order', async () => {
    const client = producer();
    for (let round = 0; round < 10; round++) {
      const events = [0, 1, 2].map((number) => ({ body: 3 * round + number }));
      await client.sendBatch(events, { partitionKey: `device${round % 5}` });
    }
    const all = await received(30, earliestEventPosition);
    expect(all).toHaveLength(30);
    for (const device of [0, 1, 2, 3, 4]) {
      const own = all
        .filter(({ partitionKey }) => partitionKey === `device${device}`)
        .map((event) => Number(text(event)));
      expect(own).toEqual([0, 1, 2, 15, 16, 17].map((number) => number + 3 * device));
    }
  });

  it('may send by a buffered producer', async () => {
    const client = kept(
      new EventHubBufferedProducerClient(connectionString(), 'devicedata', {
        ...options,
        onSendEventsErrorHandler: async () => {},
      }),
    );
    for (let number = 0; number < 60; number++) await client.enqueueEvent({ body: number });
    await client.flush();
    const numbers = (await received(60, earliestEventPosition)).map((event) => Number(text(event)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, number) => number));
  });

  it('finds a key in the same partition whether the broker chooses it or a buffered producer', async () => {
    const buffered = kept(
      new EventHubBufferedProducerClient(connectionString(), 'devicedata', {
        ...options,
        onSendEventsErrorHandler: async () => {},
      }),
    );
    const keys = Array.from({ length: 30 }, (_, number) => `device-${'x'.repeat(number)}-é${number}`);
    for (const partitionKey of keys) await buffered.enqueueEvent({ body: 'buffered' }, { partitionKey });
    await buffered.flush();
    const client = producer();
    for (const partitionKey of keys) await client.sendBatch([{ body: 'direct' }], { partitionKey });
    const partitions = new Map(keys.map((key) => [key, new Set<string>()]));
    for (const { id } of hubs.hub('devicedata')?.partitions ?? []) {
      const { isEmpty } = await client.getPartitionProperties(id);
      const count = await client.getPartitionProperties(id);
      if (isEmpty) continue;
      const events = await received(count.lastEnqueuedSequenceNumber + 1, earliestEventPosition, id);
      for (const { partitionKey } of events) partitions.get(partitionKey ?? '')?.add(id);
    }
    expect([...partitions.values()].map(({ size }) => size)).toEqual(keys.map(() => 1));
    expect(new Set([...partitions.values()].flatMap((ids) => [...ids])).size).toBe(4);
  });

  it('is told how far a partition goes when it asks for that', async () => {
    const client = producer();
    await client.sendBatch([{ body: 0 }, { body: 1 }], { partitionId: '1' });
    const told: unknown[] = [];
    const subscription = consumer().subscribe(
      '1',
      {
        processEvents: async (_, { lastEnqueuedEventProperties }) => void told.push({ ...lastEnqueuedEventProperties }),
        processError: async () => {},
      },
      { startPosition: earliestEventPosition, trackLastEnqueuedEventProperties: true, maxWaitTimeInSeconds: 1 },
    );
    await vi.waitFor(() => expect(told[0]).toMatchObject({ sequenceNumber: 1 }), { timeout: 10_000 });
    await subscription.close();
  });

  it('finds its events again after a restart', async () => {
    await producer().sendBatch([{ body: 'kept' }], { partitionId: '3' });
    await close();
    await open();
    expect((await received(1, earliestEventPosition, '3')).map(text)).toEqual(['"kept"']);
  });

  it('is refused a hub that does not exist', async () => {
    const gone = { code: 'MessagingEntityNotFoundError' };
    await expect(producer('other').sendBatch([{ body: 1 }])).rejects.toMatchObject(gone);
    await expect(producer('other').getEventHubProperties()).rejects.toMatchObject(gone);
  });

  it('is refused a partition that does not exist', async () => {
    const wrong = { code: 'ArgumentOutOfRangeError' };
    await expect(producer().sendBatch([{ body: 1 }], { partitionId: '4' })).rejects.toMatchObject(wrong);
    await expect(producer().getPartitionProperties('4')).rejects.toMatchObject(wrong);
  });

  it.each([
    ['a consumer group that does not exist', 'nobody', '0', earliestEventPosition, 'MessagingEntityNotFoundError'],
    ['an offset of another hub', '$Default', '0', { offset: '999999' }, 'ArgumentError'],
    ['a sequence number of another hub', '$Default', '0', { sequenceNumber: 999 }, 'ArgumentError'],
  ])('is refused %s', async (_, group, partition, startPosition, code) => {
    const errors: Error[] = [];
    const handlers = { processEvents: async () => {}, processError: async (error: Error) => void errors.push(error) };
    const subscription = consumer(group).subscribe(partition, handlers, { startPosition });
    await vi.waitFor(() => expect(errors).toContainEqual(expect.objectContaining({ code })), { timeout: 15_000 });
    await subscription.close();
  });

  it('loses a partition to a receiver with a higher epoch', async () => {
    const errors: Error[] = [];
    const handlers = { processEvents: async () => {}, processError: async (error: Error) => void errors.push(error) };
    const first = consumer().subscribe('0', handlers, { startPosition: earliestEventPosition, ownerLevel: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = consumer().subscribe(
      '0',
      { ...handlers, processError: async () => {} },
      { startPosition: earliestEventPosition, ownerLevel: 2 },
    );
    await vi.waitFor(() => expect(errors).toMatchObject([{ code: 'ReceiverDisconnectedError' }]), { timeout: 15_000 });
    await Promise.all([first.close(), second.close()]);
  });

  it('cannot send more than a megabyte', async () => {
    const client = producer();
    expect((await client.createBatch()).maxSizeInBytes).toBe(1024 * 1024);
    await expect(client.sendBatch([{ body: 'x'.repeat(1024 * 1024) }])).rejects.toBeDefined();
  });
});
