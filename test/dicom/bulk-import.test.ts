/** Bulk import: AHDS's import-container and error-container, as folders. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile, newUids } from './instance-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-import-'));
const dataDir = path.join(folder, 'data');
const containers = path.join(dataDir, 'imports/dicom');

let server: LocalServer;
let api: DicomRequests;
const start = async () => {
  const workspace = path.join(folder, 'workspace.json');
  writeFileSync(workspace, JSON.stringify({ name: 'test', services: { dicom: { kind: 'dicom', bulkImport: true } } }));
  server = await startLocalServer({ dataDir, env: { WORKSPACE_FILE: workspace } });
  api = dicomRequests(`${server.url}/dicom/v2`);
};
beforeAll(start);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** As a file that was there for a while: one that changes is left alone. */
function drop(name: string, bytes: Uint8Array): void {
  const place = path.join(containers, 'import-container', name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, bytes);
  const time = Date.now() / 1000 - 60;
  utimesSync(place, time, time);
}

const dropped = () =>
  readdirSync(path.join(containers, 'import-container'), { recursive: true }).filter((name) =>
    /\.dcm$/.test(String(name)),
  );
const allGone = () => expect.poll(dropped, { timeout: 20_000, interval: 50 }).toEqual([]);
const reasonOf = (name: string) =>
  JSON.parse(readFileSync(path.join(containers, 'error-container', `${name}.json`), 'utf8'));

describe('Bulk import', () => {
  it('stores what is dropped and removes it', async () => {
    const all = Array.from({ length: 30 }, newUids);
    for (const [at, uids] of all.entries()) drop(at % 2 === 0 ? `${at}.dcm` : `ward/${at}.dcm`, instanceFile(uids));
    await allGone();
    for (const { study } of all) expect((await api.get(`/studies/${study}/metadata`)).status).toBe(200);
    expect(readdirSync(path.join(containers, 'error-container'))).toEqual([]);
  });

  it('puts aside what cannot be stored, with the reason STOW gives', async () => {
    const uids = newUids();
    const bad = instanceFile({ ...newUids(), study: '1.2.x' });
    const other = instanceFile(uids, [text(attributes.modality, 'CS', 'MR')]);
    await api.store([instanceFile(uids)]);
    drop('no-dicom.dcm', Buffer.from('GIF89a'));
    drop('deep/invalid.dcm', bad);
    drop('other.dcm', other);
    await allGone();
    expect(reasonOf('no-dicom.dcm')).toMatchObject({ name: 'no-dicom.dcm', failureReason: 272, reason: 'processing' });
    expect(reasonOf('deep/invalid.dcm')).toMatchObject({
      failureReason: 43264,
      comments: [expect.stringMatching(/^DICOM100: \(0020,000D\) - /i)],
    });
    expect(reasonOf('other.dcm')).toMatchObject({ failureReason: 45070 });
    expect(readFileSync(path.join(containers, 'error-container/other.dcm')).equals(other)).toBe(true);
  });

  it('takes a file that was stored before the process died for imported', async () => {
    const file = instanceFile(newUids());
    expect((await api.store([file])).status).toBe(200);
    drop('again.dcm', file);
    await allGone();
    expect(existsSync(path.join(containers, 'error-container/again.dcm'))).toBe(false);
  });

  it('loses nothing and doubles nothing through a kill', async () => {
    const all = Array.from({ length: 120 }, newUids);
    for (const [at, uids] of all.entries()) drop(`killed/${at}.dcm`, instanceFile(uids));
    await expect.poll(() => dropped().length, { timeout: 20_000, interval: 5 }).toBeLessThan(120);
    await server.kill();
    expect(dropped().length).toBeGreaterThan(0);
    await start();
    await allGone();
    for (const { study } of all) expect((await api.get(`/studies/${study}/metadata`)).status).toBe(200);
    expect(existsSync(path.join(containers, 'error-container/killed'))).toBe(false);
  });
});
