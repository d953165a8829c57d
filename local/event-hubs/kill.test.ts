import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, expect, it } from 'vitest';
import { decodeEvent } from './amqp/decode-event.ts';
import { EventHubs } from './event-hubs.ts';
import { startChildBroker } from './testing/child-broker.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-hubs-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rounds = 3;
const senders = 8;
const settings = { partitions: 2, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 500 };

/** Sends batches of 1 to 5 numbers, one after the other, until the broker is gone; gives the last one acknowledged. */
async function sendUntilGone(connectionString: string, sender: string): Promise<number> {
  const retryOptions = { maxRetries: 0, timeoutInMs: 1500 };
  const client = new EventHubProducerClient(connectionString, 'devicedata', { retryOptions });
  let acknowledged = -1;
  try {
    for (;;) {
      const events = Array.from({ length: 1 + (Math.max(acknowledged, 0) % 5) }, (_, index) => ({
        body: { sender, number: acknowledged + 1 + index },
      }));
      await client.sendBatch(events, { partitionKey: sender });
      acknowledged += events.length;
    }
  } catch {
    return acknowledged;
  } finally {
    await client.close().catch(() => {});
  }
}

async function stored(): Promise<{ sender: string; number: number }[]> {
  const hubs = await EventHubs.open(folder, new Map([['devicedata', settings]]));
  const bodies: { sender: string; number: number }[] = [];
  for (const partition of hubs.hub('devicedata')?.partitions ?? []) {
    for (let position = 0; ; ) {
      const events = await partition.read(position, 100_000);
      if (events.length === 0) break;
      bodies.push(...events.map(({ message }) => JSON.parse(Buffer.from(decodeEvent(message).body).toString())));
      position = events.at(-1)?.next ?? 0;
    }
  }
  await hubs.close();
  return bodies;
}

it('a broker killed while producers send has every acknowledged event afterwards, in order, once', async () => {
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const broker = await startChildBroker(folder);
    const sending = Array.from({ length: senders }, async (_, index) => {
      const sender = `round-${round}-sender-${index}`;
      acknowledged.set(sender, await sendUntilGone(broker.connectionString, sender));
    });
    await new Promise((resolve) => setTimeout(resolve, 700 + round * 130));
    await broker.kill();
    await Promise.all(sending);
  }
  const bySender = Map.groupBy(await stored(), ({ sender }) => sender);
  expect([...acknowledged.values()].filter((last) => last > 5).length).toBeGreaterThan(rounds);
  for (const [sender, last] of acknowledged) {
    const numbers = (bySender.get(sender) ?? []).map(({ number }) => number);
    // Of what was being sent, a whole batch more may be there.
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(numbers.length).toBeGreaterThan(last);
    expect(numbers.length).toBeLessThanOrEqual(last + 1 + 5);
  }
}, 60_000);
