/** Data partitions: the same UIDs in two of them are two instances. AHDS, data partitioning. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';

let server: LocalServer;
let parted: DicomRequests;
let plain: DicomRequests;
const workspace = path.join(tmpdir(), `partitions-${process.pid}.json`);
beforeAll(async () => {
  const services = { dicom: { kind: 'dicom', partitions: true }, plain: { kind: 'dicom' } };
  writeFileSync(workspace, JSON.stringify({ name: 'test', services }));
  server = await startLocalServer({ env: { WORKSPACE_FILE: workspace } });
  parted = dicomRequests(`${server.url}/dicom/v2`);
  plain = dicomRequests(`${server.url}/plain/v2`);
});
afterAll(() => server.stop());

const file = part10File({
  transferSyntax: '1.2.840.10008.1.2.1',
  elements: [
    text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(attributes.sopInstanceUid, 'UI', '1.2.3.1.1'),
    text(attributes.patientId, 'LO', 'P1'),
    text(attributes.studyInstanceUid, 'UI', '1.2.3'),
    text(attributes.seriesInstanceUid, 'UI', '1.2.3.1'),
  ],
});

describe('Partitions: a service that has them', () => {
  it('makes one when something is stored, and keeps its instances apart', async () => {
    for (const name of ['north', 'south']) {
      const { status, json } = await parted.store([file], `/partitions/${name}/studies`);
      expect(status).toBe(200);
      const [{ '00081190': url }] = json['00081199'].Value;
      expect(url.Value[0]).toBe(
        `${server.url}/dicom/v2/partitions/${name}/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1`,
      );
    }
    expect((await parted.send('DELETE', '/partitions/north/studies/1.2.3')).status).toBe(204);
    expect((await parted.get('/partitions/north/studies')).status).toBe(204);
    expect((await parted.get('/partitions/south/studies')).json).toHaveLength(1);
    const names = (await parted.get('/partitions', 'application/json')).json.map(
      ({ partitionName }: { partitionName: string }) => partitionName,
    );
    expect(names).toEqual(['Microsoft.Default', 'north', 'south']);
    const feed = await parted.get('/changefeed', 'application/json');
    expect(feed.json.map(({ partitionName }: { partitionName: string }) => partitionName)).toEqual([
      'north',
      'south',
      'north',
    ]);
  });

  it('wants the segment, a name that is one, and one that is there: 400 otherwise', async () => {
    expect((await parted.get('/studies')).status).toBe(400);
    expect((await parted.get('/partitions/west/studies')).status).toBe(400);
    expect((await parted.store([file], '/partitions/a%20b/studies')).status).toBe(400);
  });
});

describe('Partitions: a service without them', () => {
  it('refuses the segment and the list: 400', async () => {
    expect((await plain.get('/partitions/north/studies')).status).toBe(400);
    expect((await plain.get('/partitions', 'application/json')).status).toBe(400);
  });
});
