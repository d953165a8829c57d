/** WADO-RS, QIDO-RS, delete and the change feed over the real files, with plain requests and dicomweb-client. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { api as dicomweb } from 'dicomweb-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Part10Reader } from '../../shared/dicom/part10/read-part10.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';

const folder = sharedData('dicom');
const manifest: { file: string; transferSyntax: string | null; frames: number }[] = folder
  ? JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
  : [];

interface Stored {
  readonly file: string;
  readonly bytes: Buffer;
  readonly path: string;
  readonly study: string;
}

describe.skipIf(folder === undefined)('the real files', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  let v1: DicomRequests;
  /** By address: files with the same UIDs follow each other, the last one stays. */
  const byAddress = new Map<string, Stored>();
  let stored: Stored[] = [];

  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
    v1 = dicomRequests(`${server.url}/dicom/v1`);
    for (const { file } of manifest) {
      const bytes = readFileSync(path.join(folder as string, file));
      const { status, json } = await v2.store([bytes], '/studies', 'PUT');
      if (status === 409) continue;
      const url: string = json['00081199'].Value[0]['00081190'].Value[0];
      const [, study = ''] = /studies\/([^/]+)/.exec(url) ?? [];
      const address = url.slice(`${server.url}/dicom/v2`.length);
      byAddress.set(address, { file, bytes, study, path: address });
    }
    stored = [...byAddress.values()];
  });
  afterAll(() => server.stop());

  it('a study comes as multipart, each part with its transfer syntax', async () => {
    const [first] = stored;
    const answer = await v2.get(
      `/studies/${first?.study}`,
      'multipart/related; type="application/dicom"; transfer-syntax=*',
    );
    expect(answer.status).toBe(200);
    const parts = partsOf(answer);
    const expected = stored.filter(({ study }) => study === first?.study);
    expect(parts).toHaveLength(expected.length);
    expect(parts[0]?.contentType).toMatch(/^application\/dicom; transfer-syntax=1\.2\./);
  });

  it('frames are the bytes of the pixel data', async () => {
    let compared = 0;
    for (const { bytes, path: address, file } of stored) {
      const reader = new Part10Reader();
      await reader.push(bytes);
      const { pixelData, syntax } = await reader.end();
      if (!pixelData || syntax.deflated) continue;
      const answer = await v2.get(`${address}/frames/1`, '*/*');
      if (answer.status === 404) continue;
      expect([file, answer.status]).toEqual([file, 200]);
      const [part] = partsOf(answer);
      const start = pixelData.kind === 'native' ? pixelData.offset : (pixelData.fragments[0]?.offset ?? 0);
      const length = Math.min(part?.content.length ?? 0, 64);
      // A single-bit frame may end within a byte.
      expect(part?.content.subarray(0, length - 1).equals(bytes.subarray(start, start + length - 1)), file).toBe(true);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(45);
  });

  it('frames beyond the last are 404, no numbers 400, several in a single part 400', async () => {
    const one = stored.find(({ file }) => file.endsWith('CT_small.dcm'));
    const statuses = await Promise.all(
      ['frames/2', 'frames/0', 'frames/x', 'frames/1,1'].map(async (frames) => {
        return (await v2.get(`${one?.path}/${frames}`, 'application/octet-stream')).status;
      }),
    );
    expect(statuses).toEqual([404, 400, 400, 400]);
    const twice = await v2.get(`${one?.path}/frames/1,1`, 'multipart/related; type="application/octet-stream"');
    expect(partsOf(twice)).toHaveLength(2);
  });

  it.each([
    ['', 406],
    ['application/json', 406],
    ['multipart/related; type="application/dicom"; transfer-syntax=1.2.3', 406],
    ['multipart/related; type="application/dicom"; transfer-syntax=*', 200],
    ['*/*', 200],
  ])('Accept %j: %i', async (accept, status) => {
    expect((await v2.get(`${stored[0]?.path}`, accept)).status).toBe(status);
  });

  it('what is not there is 404, what is no UID 400', async () => {
    expect((await v2.get('/studies/1.2.3', '*/*')).status).toBe(404);
    expect((await v2.get('/studies/1.2.3/metadata')).status).toBe(404);
    expect((await v2.get('/studies/abc', '*/*')).status).toBe(400);
  });

  it('metadata has an ETag: 304 while nothing has changed', async () => {
    const address = `/studies/${stored[0]?.study}/metadata`;
    const { headers, json } = await v2.get(address);
    expect(json[0]).not.toHaveProperty('7FE00010');
    const etag = headers.get('etag') ?? '';
    const ask = async (tag: string) =>
      (await v2.send('GET', address, { headers: { Accept: '*/*', 'If-None-Match': tag } })).status;
    expect(await ask(etag)).toBe(304);
    expect(await ask(etag.replaceAll('"', ''))).toBe(304);
    expect(await ask('"other"')).toBe(200);
  });

  it('searches at each level, as OHIF asks', async () => {
    const studies = await v2.get(
      '/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030,00080060,00080090,00100030',
    );
    expect(studies.status).toBe(200);
    expect(
      new Set(studies.json.map((one: Record<string, { Value: string[] }>) => one['0020000D']?.Value[0])).size,
    ).toBe(studies.json.length);
    const study = stored[0]?.study;
    const series = await v2.get(`/studies/${study}/series?includefield=0008103E`);
    expect(series.json[0]).toHaveProperty('0020000E');
    const byTag = await v2.get(`/studies?0020000D=${study}`);
    expect(byTag.json).toHaveLength(1);
  });

  it('by name: exact without case and accents, or by words', async () => {
    const find = async (query: string, api = v2) => {
      const { status, json } = await api.get(`/studies?${query}`);
      return status === 204 ? 0 : json.length;
    };
    expect(await find('PatientName=compressedsamples^ct1')).toBeGreaterThan(0);
    expect(await find('PatientName=compressed')).toBe(0);
    expect(await find('PatientName=compr&fuzzymatching=true')).toBeGreaterThan(0);
    expect(await find('PatientName=ompr&fuzzymatching=true')).toBe(0);
    expect(await find('ModalitiesInStudy=CT')).toBeGreaterThan(0);
    expect(await find('StudyDate=19900101-20301231')).toBeGreaterThan(1);
  });

  it.each([
    'limit=0',
    'limit=201',
    'offset=-1',
    'fuzzymatching=maybe',
    'Unknown=1',
    'PatientName=',
    'PatientName=a&00100010=b',
    'StudyDate=2020',
    'StudyDate=20200102-20200101',
    'StudyDate=-',
    'Modality=CT',
    'TimezoneOffsetFromUTC=1',
    'includefield=nothing',
    // AHDS has neither paths through sequences nor matching of empty values.
    'includefield=00400275.00400009',
    '00400275.00400009=1',
    'emptyvaluematching=true',
  ])('a search of studies by %s is 400', async (query) => {
    expect((await v2.get(`/studies?${query}`)).status).toBe(400);
  });

  it('v1 shows other attributes by default', async () => {
    const [inV1] = (await v1.get('/instances?limit=1')).json;
    const [inV2] = (await v2.get('/instances?limit=1')).json;
    expect(inV1).toHaveProperty('00080016');
    expect(inV2).not.toHaveProperty('00080016');
    expect(inV2).toHaveProperty('0020000E');
  });

  it('dicomweb-client finds, reads and retrieves', async () => {
    Object.assign(globalThis, { XMLHttpRequest: createRequire(import.meta.url)('xhr2') });
    const client = new dicomweb.DICOMwebClient({ url: `${server.url}/dicom/v2`, singlepart: false });
    const [study] = await client.searchForStudies({ queryParams: { limit: 1 } });
    const studyInstanceUID = String((study as Record<string, { Value: string[] }>)['0020000D']?.Value[0]);
    const metadata = await client.retrieveStudyMetadata({ studyInstanceUID } as never);
    expect(metadata.length).toBeGreaterThan(0);
    const series = await client.searchForSeries({ studyInstanceUID } as never);
    expect(series.length).toBeGreaterThan(0);
  });

  it('the change feed has an entry for each; a deleted instance is gone from everything but the feed', async () => {
    const feed = await v2.get('/changefeed?limit=200&includemetadata=false', 'application/json');
    const count = 115 - 18;
    expect(feed.json.map(({ sequence }: { sequence: number }) => sequence)).toEqual(
      Array.from({ length: count }, (_, at) => at + 1),
    );
    const gone = stored.at(-1);
    expect((await v2.send('DELETE', `${gone?.path}`)).status).toBe(204);
    expect((await v2.send('DELETE', `${gone?.path}`)).status).toBe(404);
    expect((await v2.get(`${gone?.path}`, '*/*')).status).toBe(404);
    const latest = await v2.get('/changefeed/latest', 'application/json');
    expect(latest.json).toMatchObject({ sequence: count + 1, action: 'delete', state: 'deleted' });
    const inV1 = await v1.get(`/changefeed?offset=${count}&limit=10`, 'application/json');
    expect(inV1.json.map(({ state }: { state: string }) => state)).toEqual(['deleted']);
    expect(inV1.json[0]).not.toHaveProperty('metadata');
  });
});
