/** SIGKILL in the middle of a bulk update: it is completed, each instance once, and every file is a current one or an original. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-update-kill-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const studies = ['1.1', '1.2'];
const perStudy = 20;

it('is completed after two kills', async () => {
  let server = await startLocalServer({ dataDir });
  let api = dicomRequests(`${server.url}/dicom/v2`);
  const files = studies.flatMap((study) =>
    Array.from({ length: perStudy }, (_, at) =>
      instanceFile({ study, series: `${study}.1`, instance: `${study}.1.${at}` }, [
        text(attributes.patientName, 'PN', 'Old'),
        { tag: 0x7fe00010, vr: 'OB', value: Buffer.alloc(200_000, at) },
      ]),
    ),
  );
  expect((await api.store(files)).status).toBe(200);
  const { json } = await api.send('POST', '/studies/$bulkUpdate', {
    body: JSON.stringify({
      studyInstanceUids: studies,
      changeDataset: { PatientName: { vr: 'PN', Value: [{ Alphabetic: 'New^Name' }] } },
    }),
    headers: { 'Content-Type': 'application/json' },
  });
  let interrupted = 0;
  for (const wait of [40, 100]) {
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
      const results = { studyUpdated: 2, studyFailed: 0, instanceUpdated: 2 * perStudy };
      expect(operation).toMatchObject({ status: 'succeeded', results });
      break;
    }
    await delay(100);
  }
  for (const study of studies) {
    for (const [original, name] of [
      [false, 'New^Name'],
      [true, 'Old'],
    ] as const) {
      const headers = { Accept: 'application/dicom+json', ...(original && { 'msdicom-request-original': 'true' }) };
      const metadata = (await api.send('GET', `/studies/${study}/metadata`, { headers })).json;
      expect(metadata).toHaveLength(perStudy);
      for (const each of metadata) expect(each['00100010'].Value).toEqual([{ Alphabetic: name }]);
    }
  }
  const feed = [];
  for (let offset = 0; ; offset += 200) {
    const page = (await api.get(`/changefeed?limit=200&includemetadata=false&offset=${offset}`)).json;
    feed.push(...page);
    if (page.length < 200) break;
  }
  expect(feed.filter(({ action }) => action === 'update')).toHaveLength(2 * perStudy);
  await server.stop();
  const blobs = path.join(dataDir, 'dicom/dicom/blobs');
  const left = readdirSync(blobs, { recursive: true }).filter((name) => String(name).endsWith('.dcm'));
  expect(left).toHaveLength(4 * perStudy);
});
