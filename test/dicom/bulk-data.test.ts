/** `"bulkData": true`: URIs of binary values in metadata, their retrieval, and ranges of bytes. DICOM PS3.18, F.2.2. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { part10File, text, uint16 } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';

const workspace = path.join(tmpdir(), `bulk-data-${process.pid}.json`);
const octets = 'application/octet-stream';

/** 80,000 bytes are passed over by the reader, 10 are not. */
const pixels = Buffer.from(Uint8Array.from({ length: 80_000 }, (_, at) => at % 251));
const small = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

function image(transferSyntax: string, pixelData: object): Buffer {
  return part10File({
    transferSyntax,
    elements: [
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
      text(0x00080018, 'UI', '1.2.3.1.1'),
      text(0x00100020, 'LO', 'X'),
      text(0x0020000d, 'UI', '1.2.3'),
      text(0x0020000e, 'UI', '1.2.3.1'),
      text(0x00280008, 'IS', '2'),
      uint16(0x00280002, 1),
      uint16(0x00280010, 200),
      uint16(0x00280011, 200),
      uint16(0x00280100, 8),
      { tag: 0x00281201, vr: 'OW', value: small },
      { tag: 0x7fe00010, vr: 'OW', ...pixelData },
    ],
  });
}

const native = (transferSyntax: string) => image(transferSyntax, { value: pixels });
const encapsulated = image('1.2.840.10008.1.2.5', {
  fragments: [Buffer.alloc(0), pixels.subarray(0, 100), pixels.subarray(100, 300)],
});

describe('BulkData: a service that shows binary values', () => {
  let server: LocalServer;
  let bulk: DicomRequests;
  let plain: DicomRequests;
  const instance = '/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1';
  const get = (rest: string, headers: Record<string, string>) => bulk.send('GET', `${instance}${rest}`, { headers });

  beforeAll(async () => {
    const services = { bulk: { kind: 'dicom', bulkData: true }, dicom: { kind: 'dicom' } };
    writeFileSync(workspace, JSON.stringify({ name: 'local', services }));
    server = await startLocalServer({ env: { WORKSPACE_FILE: workspace } });
    bulk = dicomRequests(`${server.url}/bulk/v2`);
    plain = dicomRequests(`${server.url}/dicom/v2`);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(workspace, { force: true });
  });

  it('metadata has a URI for each binary value; each gives its bytes in little endian', async () => {
    for (const transferSyntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
      await bulk.store([native(transferSyntax)], '/studies', 'PUT');
      const [metadata] = (await bulk.get(`${instance}/metadata`)).json;
      for (const [tag, bytes] of [
        ['00281201', small],
        ['7FE00010', pixels],
      ] as const) {
        const { BulkDataURI, vr } = metadata[tag];
        expect([vr, BulkDataURI]).toEqual(['OW', `${server.url}/bulk/v2${instance}/bulkdata/${tag}`]);
        const answer = await fetch(BulkDataURI, { headers: { Accept: octets } });
        const own = Buffer.from(await answer.arrayBuffer());
        expect(own.equals(transferSyntax.endsWith('2.2') ? Buffer.from(bytes).swap16() : bytes)).toBe(true);
      }
      expect(Object.keys(metadata)).toEqual(Object.keys(metadata).toSorted());
      const xml = await bulk.get(`${instance}/metadata`, 'multipart/related; type="application/dicom+xml"');
      expect(xml.bytes.toString()).toContain(`<BulkData uri="${metadata['7FE00010'].BulkDataURI}"/>`);
    }
  });

  it('AHDS: without the setting no binary element is in the metadata', async () => {
    await plain.store([native('1.2.840.10008.1.2.1')]);
    const [metadata] = (await plain.get(`${instance}/metadata`)).json;
    expect(metadata).not.toHaveProperty('7FE00010');
    expect(metadata).not.toHaveProperty('00281201');
  });

  it.each([
    ['bytes=0-99', 206, 'bytes 0-99/80000', [0, 100]],
    ['bytes=79990-', 206, 'bytes 79990-79999/80000', [79_990, 80_000]],
    ['bytes=79990-90000', 206, 'bytes 79990-79999/80000', [79_990, 80_000]],
    ['bytes=-10', 206, 'bytes 79990-79999/80000', [79_990, 80_000]],
    ['bytes=80000-', 416, 'bytes */80000', [0, 0]],
    ['bytes=5-4', 200, null, [0, 80_000]],
    ['bytes=0-1,5-6', 200, null, [0, 80_000]],
    ['lines=1-2', 200, null, [0, 80_000]],
  ])('Range %s is %i', async (range, status, contentRange, [from, to]) => {
    for (const transferSyntax of ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
      const isBig = transferSyntax.endsWith('2.2');
      await bulk.store([native(transferSyntax)], '/studies', 'PUT');
      const answer = await get('/bulkdata/7FE00010', { Accept: octets, Range: range });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
      const bytes = isBig ? Buffer.from(pixels).swap16() : pixels;
      expect(answer.bytes.equals(bytes.subarray(from, to))).toBe(true);
    }
  });

  it('a range of a stored file is those bytes of it', async () => {
    await bulk.store([native('1.2.840.10008.1.2.1')], '/studies', 'PUT');
    const Accept = 'application/dicom; transfer-syntax=*';
    const whole = await get('', { Accept });
    const part = await get('', { Accept, Range: 'bytes=128-131' });
    expect([whole.status, whole.headers.get('accept-ranges'), part.status]).toEqual([200, 'bytes', 206]);
    expect(part.bytes.toString('latin1')).toBe('DICM');
    expect(part.headers.get('content-range')).toBe(`bytes 128-131/${whole.bytes.length}`);
  });

  it('compressed pixel data comes as one part for each frame', async () => {
    await bulk.store([encapsulated], '/studies', 'PUT');
    const answer = await get('/bulkdata/7FE00010', { Accept: `multipart/related; type="${octets}"` });
    const parts = partsOf(answer);
    expect(parts.map(({ content }) => content.length)).toEqual([100, 200]);
    expect(parts[0]?.contentType).toBe(`${octets}; transfer-syntax=1.2.840.10008.1.2.5`);
    expect((await get('/bulkdata/7FE00010', { Accept: octets })).status).toBe(406);
  });

  it.each([
    ['/bulkdata/00100020', 404],
    ['/bulkdata/00091234', 404],
    ['/bulkdata/pixels', 400],
  ])('%s: %i', async (rest, status) => {
    expect((await get(rest, { Accept: octets })).status).toBe(status);
  });
});
