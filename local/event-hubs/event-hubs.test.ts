import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StartError } from '../../shared/workspace/start-error.ts';
import { EventHubs } from './event-hubs.ts';

const settings = { partitions: 4, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 10 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-hubs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (partitions: number) => EventHubs.open(folder, new Map([['devicedata', { ...settings, partitions }]]));

it('a hub may get more partitions, and never fewer: nobody would read what is in them', async () => {
  const first = await open(2);
  const created = first.hub('devicedata')?.created;
  await first.close();
  const more = await open(4);
  expect(more.hub('DeviceData')?.partitions).toHaveLength(4);
  expect(more.hub('devicedata')?.created).toEqual(created);
  await more.close();
  await expect(open(3)).rejects.toThrow(StartError);
  // What failed has let go of the folder.
  await (await open(4)).close();
});

it('the folder is held until the hubs are closed, events under way finished first', async () => {
  const hubs = await open(1);
  const event = { encode: () => Buffer.from('x') };
  const sent = hubs.hub('devicedata')?.send({}, [event]);
  await hubs.close();
  await sent;
  const again = await open(1);
  expect(again.hub('devicedata')?.partitions[0]?.state().lastSequence).toBe(0);
  await again.close();
});
