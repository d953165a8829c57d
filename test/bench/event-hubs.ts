/** Events that Azure's own client sends to the local Event Hubs in a process of its own, durable, against plain rows, one a commit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { startChildBroker } from '../../local/event-hubs/testing/child-broker.ts';
import { plainInserts } from './floor.ts';
import { contest } from './rounds.ts';

const lines = [
  { name: 'Event Hubs, events sent one by one', perSend: 1, senders: 32, aim: { rate: 3000 } },
  { name: 'Event Hubs, events sent by hundreds', perSend: 100, senders: 16, aim: { rate: 20_000 } },
];
const body = { deviceId: 'device-1', patientId: 'patient-1', time: '2026-01-01T00:00:00.000Z', heartRate: 72 };

export async function benchEventHubs(options: { seconds: number; rounds: number; only: string }): Promise<void> {
  const asked = lines.filter(({ name }) => name.toLowerCase().includes(options.only));
  if (asked.length === 0) return;
  const folder = mkdtempSync(path.join(tmpdir(), 'ohds-bench-'));
  const broker = await startChildBroker(folder);
  const client = new EventHubProducerClient(broker.connectionString, 'devicedata');
  for (const { name, perSend, senders, aim } of asked) {
    const events = Array.from({ length: perSend }, () => ({ body }));
    const subject = async (seconds: number) => {
      const started = performance.now();
      let count = 0;
      const send = async (sender: number) => {
        while (performance.now() - started < seconds * 1000) {
          await client.sendBatch(events, { partitionId: String(sender % 2) });
          count += perSend;
        }
      };
      await Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)));
      return count / ((performance.now() - started) / 1000);
    };
    await contest({ name, unit: '/s', floor: async (time) => plainInserts(time), subject, aim }, options);
  }
  await client.close();
  await broker.kill();
  rmSync(folder, { recursive: true });
}
