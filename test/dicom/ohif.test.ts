/** The requests of the OHIF viewer: by dicomweb-client, which it uses, and as they stand on the wire. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { api as dicomweb } from 'dicomweb-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ctSeries, demoInstance, demoSeries, demoSlices, demoStudy } from '../demo/ct-series.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-ohif-'));
const viewer = 'http://localhost:3000';
const bytesOfFrame = 256 * 256 * 2;
const files = ctSeries();

let server: LocalServer;
let api: DicomRequests;
let client: dicomweb.DICOMwebClient;
beforeAll(async () => {
  const workspace = path.join(folder, 'workspace.json');
  const dicom = {
    kind: 'dicom',
    cors: { origins: [viewer], methods: ['GET', 'POST'], headers: ['accept', 'authorization', 'content-type'] },
  };
  writeFileSync(workspace, JSON.stringify({ name: 'test', services: { dicom } }));
  server = await startLocalServer({ env: { WORKSPACE_FILE: workspace } });
  api = dicomRequests(`${server.url}/dicom/v2`);
  Object.assign(globalThis, { XMLHttpRequest: createRequire(import.meta.url)('xhr2') });
  client = new dicomweb.DICOMwebClient({ url: `${server.url}/dicom/v2`, singlepart: false });
});
afterAll(async () => {
  await server.stop();
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
  rmSync(folder, { recursive: true });
});

const listFields = '00081030,00080060,00080090,00100030';
type Row = Record<string, { Value?: unknown[] }>;
const firstOf = (row: Row, tag: string) => row[tag]?.Value?.[0];

describe('OHIF', () => {
  it('stores a series (dicomweb-client)', async () => {
    // What a browser adds: in Node nothing does, and AHDS answers 406 then.
    const headers = { Accept: '*/*' };
    const browser = new dicomweb.DICOMwebClient({ url: `${server.url}/dicom/v2`, singlepart: false, headers });
    const datasets = files.map((file) => new Uint8Array(file).buffer);
    await browser.storeInstances({ datasets } as never);
    expect((await api.get(`/studies/${demoStudy}/instances?limit=200`)).json).toHaveLength(demoSlices);
  });

  it.each([
    ['', 1],
    [`&StudyInstanceUID=${demoStudy}`, 1],
    ['&StudyInstanceUID=9.9', 0],
    ['&PatientName=*lindqvist*', 1],
    ['&StudyDate=20240101-20241231', 1],
    ['&00100020=demo-1-anna', 1],
    ['&ModalitiesInStudy=CT', 1],
  ])('lists studies: …%s', async (more, count) => {
    const answer = await api.get(
      `/studies?limit=101&offset=0&fuzzymatching=false&includefield=${listFields}${more}`,
      'application/dicom+json',
    );
    expect(answer.status).toBe(count === 0 ? 204 : 200);
    if (count === 0) return;
    expect(answer.json).toHaveLength(count);
    const [study] = answer.json;
    expect(['0020000D', '00080020', '00081030', '00100020', '00100030'].map((tag) => firstOf(study, tag))).toEqual([
      demoStudy,
      '20240311',
      'CT of the head',
      'demo-1-anna',
      '19810623',
    ]);
    expect(firstOf(study, '00100010')).toEqual({ Alphabetic: 'Lindqvist^Anna' });
  });

  it('lists the series of a study', async () => {
    const { status, json } = await api.get(`/studies/${demoStudy}/series?includefield=0008103E,00080021,00080060`);
    expect(status).toBe(200);
    expect([firstOf(json[0], '0020000E'), firstOf(json[0], '0008103E'), firstOf(json[0], '00080060')]).toEqual([
      demoSeries,
      'Axial, 6 mm',
      'CT',
    ]);
  });

  it('reads the metadata of a series: all that it needs to lay the slices in space', async () => {
    const metadata = (await client.retrieveSeriesMetadata({
      studyInstanceUID: demoStudy,
      seriesInstanceUID: demoSeries,
    } as never)) as Row[];
    expect(metadata).toHaveLength(demoSlices);
    const heights = metadata.map((instance) => Number(instance['00200032']?.Value?.[2]));
    expect(heights).toEqual(Array.from({ length: demoSlices }, (_, at) => at * 6));
    const [first = {}] = metadata;
    const numbers = ['00280010', '00280011', '00280100', '00281050', '00281052'].map((tag) => firstOf(first, tag));
    expect(numbers).toEqual([256, 256, 16, 40, -1024]);
  });

  it('gets frames as they are stored', async () => {
    const answer = await api.get(
      `/studies/${demoStudy}/series/${demoSeries}/instances/${demoInstance(3)}/frames/1`,
      'multipart/related; type=application/octet-stream; transfer-syntax=*',
    );
    expect(answer.status).toBe(200);
    const [part, ...others] = partsOf(answer);
    expect(others).toEqual([]);
    expect(part?.contentType).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect(part?.content.equals(files[2]?.subarray(-bytesOfFrame) as Buffer)).toBe(true);
  });

  it('gets frames (dicomweb-client)', async () => {
    const frames = await client.retrieveInstanceFrames({
      studyInstanceUID: demoStudy,
      seriesInstanceUID: demoSeries,
      sopInstanceUID: demoInstance(3),
      frameNumbers: [1],
    } as never);
    const [frame] = frames as unknown as ArrayBuffer[];
    expect(Buffer.from(frame as ArrayBuffer).equals(files[2]?.subarray(-bytesOfFrame) as Buffer)).toBe(true);
  });

  it('asks from a page of another origin: preflight, and the headers on answers of every status', async () => {
    const url = `${server.url}/dicom/v2/studies?limit=101`;
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: viewer,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'accept,authorization',
      },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, viewer]);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
    for (const at of [url, `${server.url}/dicom/v2/studies/9.9/metadata`]) {
      const answer = await fetch(at, { headers: { Origin: viewer, Accept: 'application/dicom+json' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(viewer);
      await answer.arrayBuffer();
    }
    const stranger = await fetch(url, { headers: { Origin: 'http://evil.example', Accept: 'application/dicom+json' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    await stranger.arrayBuffer();
  });
});
