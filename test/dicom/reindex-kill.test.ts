/** SIGKILL in the middle of a reindex, and of a tag's removal: the next start goes on, and every instance is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-reindex-kill-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const count = 200;
const headers = { 'Content-Type': 'application/json' };
/** Makes metadata large enough for a reindex that lasts. */
const long = Array.from({ length: 40 }, (_, at) => text(0x00204000 + at, 'LT', 'x'.repeat(500)));

it('is completed after two kills', async () => {
  let server = await startLocalServer({ dataDir });
  let api = dicomRequests(`${server.url}/dicom/v2`);
  const files = Array.from({ length: count }, (_, at) => {
    const uids = { study: `1.${at % 7}`, series: `1.${at % 7}.1`, instance: `1.${at % 7}.1.${at}` };
    return instanceFile(uids, [text(0x00181030, 'LO', 'Protocol'), ...long]);
  });
  for (let at = 0; at < count; at += 250) {
    expect((await api.store(files.slice(at, at + 250))).status).toBeLessThan(300);
  }
  const body = JSON.stringify([{ path: 'ProtocolName', level: 'instance' }]);
  const { json } = await api.send('POST', '/extendedquerytags', { body, headers });
  const [removal, second] = await Promise.all([
    api.send('DELETE', '/extendedquerytags/ProtocolName'),
    api.send('POST', '/extendedquerytags', { body: JSON.stringify([{ path: 'PatientAge', level: 'study' }]), headers }),
  ]);
  expect(removal.status).toBe(400);
  expect([second.status, second.headers.get('location')]).toEqual([409, json.href]);
  expect((await api.get('/instances?ProtocolName=protocol')).status).toBe(400);
  let interrupted = 0;
  for (const wait of [40, 80]) {
    await delay(wait);
    if ((await api.get(`/operations/${json.id}`)).status === 202) interrupted += 1;
    await server.kill();
    server = await startLocalServer({ dataDir });
    api = dicomRequests(`${server.url}/dicom/v2`);
  }
  for (;;) {
    const { status, json: operation } = await api.get(`/operations/${json.id}`);
    if (status === 200) {
      expect(operation.status).toBe('succeeded');
      break;
    }
    await delay(100);
  }
  expect(interrupted).toBeGreaterThan(0);
  const found = new Set<string>();
  for (let offset = 0; ; offset += 200) {
    const page = await api.get(`/instances?ProtocolName=protocol&limit=200&offset=${offset}`);
    if (page.status === 204) break;
    for (const each of page.json) found.add(each['00080018'].Value[0]);
  }
  expect(found.size).toBe(count);
  const lastRemoval = api.send('DELETE', '/extendedquerytags/ProtocolName').catch(() => undefined);
  await delay(10);
  await server.kill();
  await lastRemoval;
  server = await startLocalServer({ dataDir });
  api = dicomRequests(`${server.url}/dicom/v2`);
  // Killed before it began: the tag is whole. Else it goes, behind the first requests.
  const unfinished = async () =>
    (await api.get('/extendedquerytags')).json.filter(({ status }: { status: string }) => status !== 'ready');
  await expect.poll(unfinished, { timeout: 10_000 }).toEqual([]);
  await server.stop();
});
