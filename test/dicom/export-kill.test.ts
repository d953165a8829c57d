/** SIGKILL in the middle of an export: it is completed, with every file whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-export-kill-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('is completed after a kill', async () => {
  let server = await startLocalServer({ dataDir });
  let api = dicomRequests(`${server.url}/dicom/v2`);
  const files = new Map(
    Array.from({ length: 60 }, (_, at) => {
      const uids = { study: '1.5', series: '1.5.1', instance: `1.5.1.${at}` };
      const pixels = { tag: 0x7fe00010, vr: 'OB', value: Buffer.alloc(500_000, at) };
      return [uids.instance, instanceFile(uids, [pixels])] as const;
    }),
  );
  expect((await api.store([...files.values()])).status).toBe(200);
  const { json } = await api.send('POST', '/export', {
    body: JSON.stringify({
      source: { type: 'identifiers', settings: { values: ['1.5', '1.6'] } },
      destination: {
        type: 'azureblob',
        settings: { connectionString: 'UseDevelopmentStorage=true', blobContainerName: 'killed' },
      },
    }),
    headers: { 'Content-Type': 'application/json' },
  });
  let interrupted = 0;
  for (const wait of [40]) {
    await delay(wait);
    if ((await api.get(`/operations/${json.id}`)).status === 202) interrupted += 1;
    await server.kill();
    server = await startLocalServer({ dataDir });
    api = dicomRequests(`${server.url}/dicom/v2`);
  }
  expect(interrupted).toBeGreaterThan(0);
  for (;;) {
    const { status, json: operation } = await api.get(`/operations/${json.id}`);
    if (status === 200) {
      expect(operation).toMatchObject({ status: 'succeeded', results: { exported: files.size, skipped: 1 } });
      break;
    }
    await delay(100);
  }
  const results = path.join(dataDir, 'exports/killed', json.id, 'results/1.5/1.5.1');
  for (const [instance, file] of files) {
    expect(readFileSync(path.join(results, `${instance}.dcm`)).equals(file)).toBe(true);
  }
  expect(readdirSync(results).filter((name) => name.endsWith('.dcm'))).toHaveLength(files.size);
  const log = readFileSync(path.join(dataDir, 'exports/killed', json.id, 'errors.log'), 'utf8');
  expect(log.trim().split('\n')).toHaveLength(1);
  await server.stop();
});
