/** WADO-RS of studies and series in another transfer syntax than they are stored in: beyond AHDS, which converts one instance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Part10Reader } from '../../shared/dicom/part10/read-part10.ts';
import { type TestElement, text, uint16 } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

const explicitLittle = '1.2.840.10008.1.2.1';
const implicitLittle = '1.2.840.10008.1.2';
const bigEndian = '1.2.840.10008.1.2.2';
const rle = '1.2.840.10008.1.2.5';
const jpeg2000 = '1.2.840.10008.1.2.4.90';
const video = '1.2.840.10008.1.2.4.102';

const wanted = (syntax: string) => `multipart/related; type="application/dicom"; transfer-syntax=${syntax}`;
const single = (syntax: string) => `application/dicom; transfer-syntax=${syntax}`;

interface Picture {
  readonly uid: string;
  readonly syntax?: string;
  /** Pixel data; undefined: none. */
  readonly pixels?: Partial<TestElement> | undefined;
  readonly size?: number;
}

/** A picture of 16 bits a pixel in series `study.1`. */
function file(study: string, { uid, syntax = explicitLittle, pixels, size = 8 }: Picture): Buffer {
  const image = pixels && [
    uint16(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    text(0x00280008, 'IS', '1'),
    uint16(0x00280010, size),
    uint16(0x00280011, size),
    uint16(0x00280100, 16),
    uint16(0x00280101, 16),
    uint16(0x00280103, 0),
    { tag: 0x7fe00010, vr: pixels.fragments ? 'OB' : 'OW', ...pixels },
  ];
  if (syntax !== bigEndian) return instanceFile({ study, series: `${study}.1`, instance: uid }, image, syntax);
  const numbers = (image ?? []).map((each) => (each.vr === 'US' ? { ...each, value: swapped(each.value) } : each));
  return instanceFile({ study, series: `${study}.1`, instance: uid }, numbers, syntax);
}

function swapped(value: Uint8Array | string | undefined): Buffer {
  return Buffer.from(value as Uint8Array).swap16();
}

/** Differ from picture to picture. */
function pixelsOf(number: number, size = 8): Buffer {
  return Buffer.from(Uint16Array.from({ length: size * size }, (_, at) => (at * 37 + number * 1001) % 65536).buffer);
}

/** RLE: the high bytes, then the low bytes, as literal runs of at most 128 bytes. Source: DICOM PS3.5, G. */
function rleFrame(pixels: Buffer): Buffer {
  const segments = [1, 0].map((byte) => {
    const plane = pixels.filter((_, at) => at % 2 === byte);
    const runs: Buffer[] = [];
    for (let at = 0; at < plane.length; at += 128) {
      const run = plane.subarray(at, at + 128);
      runs.push(Buffer.from([run.length - 1]), Buffer.from(run));
    }
    const bytes = Buffer.concat(runs);
    return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([128])]);
  });
  return Buffer.concat([rleHeader(64, 64 + (segments[0]?.length ?? 0)), ...segments]);
}

function rleHeader(...offsets: number[]): Buffer {
  const header = Buffer.alloc(64);
  for (const [at, value] of [offsets.length, ...offsets].entries()) header.writeUInt32LE(value, at * 4);
  return header;
}

async function read(bytes: Buffer) {
  const reader = new Part10Reader();
  await reader.push(bytes);
  const { pixelData, syntax, dataSet } = await reader.end();
  const place = pixelData && (pixelData.kind === 'native' ? pixelData : pixelData.fragments[0]);
  const uid = Buffer.from(dataSet.elements.get(0x00080018)?.value ?? [])
    .toString('latin1')
    .replace(/\0$/, '');
  return { uid, syntax: syntax.uid, pixels: place && bytes.subarray(place.offset, place.offset + place.length) };
}

describe('Transcoding: several instances in one answer', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
  });
  afterAll(() => server.stop());

  const store = async (files: readonly Buffer[]) => expect([200, 202]).toContain((await v2.store(files)).status);

  /** The picture as the service compresses it. */
  async function compressed(number: number): Promise<Buffer> {
    await store([file('1.4.99', { uid: `1.4.99.${number}`, pixels: { value: pixelsOf(number) } })]);
    const address = `/studies/1.4.99/series/1.4.99.1/instances/1.4.99.${number}/frames/1`;
    const [part] = partsOf(await v2.get(address, 'multipart/related; type="image/jp2"'));
    return Buffer.from(part?.content ?? []);
  }

  it('each comes in the transfer syntax that was asked for, in the order in which they are stored', async () => {
    const study = '1.4.1';
    const frame = await compressed(3);
    // More than are looked up at a time.
    const pictures = Array.from({ length: 130 }, (_, at): Picture => {
      const [uid, pixels] = [`${study}.1.${at}`, pixelsOf(at)];
      if (at % 5 === 1) return { uid, syntax: implicitLittle, pixels: { value: pixels } };
      if (at % 5 === 2) return { uid, syntax: bigEndian, pixels: { value: Buffer.from(pixels).swap16() } };
      if (at === 3) return { uid, syntax: jpeg2000, pixels: { fragments: [Buffer.alloc(0), frame] } };
      if (at % 5 === 4) return { uid, syntax: rle, pixels: { fragments: [Buffer.alloc(0), rleFrame(pixels)] } };
      return { uid, pixels: { value: pixels } };
    });
    await store(pictures.map((picture) => file(study, picture)));
    for (const [syntax, address] of [
      [explicitLittle, `/studies/${study}`],
      [jpeg2000, `/studies/${study}/series/${study}.1`],
    ] as const) {
      const answer = await v2.get(address, wanted(syntax));
      expect(answer.status).toBe(200);
      const parts = partsOf(answer);
      expect(new Set(parts.map(({ contentType }) => contentType))).toEqual(new Set([single(syntax)]));
      const files = await Promise.all(parts.map(({ content }) => read(content)));
      expect(files.map(({ uid }) => uid)).toEqual(pictures.map(({ uid }) => uid));
      expect(new Set(files.map(({ syntax }) => syntax))).toEqual(new Set([syntax]));
      if (syntax === explicitLittle)
        for (const [at, { pixels }] of files.entries()) expect(pixels?.equals(pixelsOf(at))).toBe(true);
    }
    const stored = partsOf(await v2.get(`/studies/${study}`, '*/*')).map(({ contentType }) => contentType);
    expect(stored).toEqual(pictures.map(({ syntax = explicitLittle }) => single(syntax)));
  });

  it('one without pixels goes with the others; only the name of its transfer syntax is another', async () => {
    const study = '1.4.2';
    const pixels = { value: pixelsOf(1) };
    await store([file(study, { uid: '1.4.2.1' }), file(study, { uid: '1.4.2.2', pixels })]);
    const parts = partsOf(await v2.get(`/studies/${study}`, wanted(jpeg2000)));
    const [report, picture] = await Promise.all(parts.map(({ content }) => read(content)));
    expect([report?.syntax, report?.pixels]).toEqual([jpeg2000, undefined]);
    expect([picture?.syntax, picture?.pixels?.readUInt32BE(0)]).toEqual([jpeg2000, 0xff4fff51]);
  });

  it('406 before the first byte: one is of a transfer syntax that is not decoded', async () => {
    const study = '1.4.3';
    const fragments = [Buffer.alloc(0), Buffer.alloc(64)];
    await store([
      file(study, { uid: '1.4.3.1', pixels: { value: pixelsOf(1) } }),
      file(study, { uid: '1.4.3.2', syntax: video, pixels: { fragments } }),
    ]);
    expect((await v2.get(`/studies/${study}`, wanted(explicitLittle))).status).toBe(406);
    expect(partsOf(await v2.get(`/studies/${study}`, wanted('*')))).toHaveLength(2);
  });

  it('406 before the first byte: the first cannot be converted', async () => {
    const study = '1.4.4';
    await store([
      file(study, { uid: '1.4.4.1', syntax: rle, pixels: { fragments: [Buffer.alloc(0), Buffer.alloc(100, 7)] } }),
      file(study, { uid: '1.4.4.2', pixels: { value: pixelsOf(1) } }),
    ]);
    expect((await v2.get(`/studies/${study}`, wanted(explicitLittle))).status).toBe(406);
  });

  it('a later one that cannot be converted ends the connection: nobody takes the answer for whole', async () => {
    const study = '1.4.5';
    await store([
      file(study, { uid: '1.4.5.1', pixels: { value: pixelsOf(1) } }),
      file(study, { uid: '1.4.5.2', syntax: rle, pixels: { fragments: [Buffer.alloc(0), Buffer.alloc(100, 7)] } }),
      file(study, { uid: '1.4.5.3', pixels: { value: pixelsOf(3) } }),
    ]);
    await expect(v2.get(`/studies/${study}`, wanted(explicitLittle))).rejects.toThrow();
    // The service goes on.
    expect((await v2.get(`/studies/${study}`, wanted('*'))).status).toBe(200);
  });

  it('memory does not grow with what is sent: 40 pictures of 8 MB', async () => {
    const study = '1.4.6';
    const size = 2048;
    // Runs of 128 zeros.
    const plane = Buffer.alloc(((size * size) / 128) * 2, Buffer.from([129, 0]));
    const frame = Buffer.concat([rleHeader(64, 64 + plane.length), plane, plane]);
    const pixels = { fragments: [Buffer.alloc(0), frame] };
    await store(Array.from({ length: 40 }, (_, at) => file(study, { uid: `1.4.6.${at}`, syntax: rle, pixels, size })));
    const get = () => fetch(`${server.url}/dicom/v2/studies/${study}`, { headers: { Accept: wanted(explicitLittle) } });
    let most = 0;
    let bytes = 0;
    for await (const chunk of (await get()).body ?? []) {
      const before = Math.floor(bytes / 8_000_000);
      bytes += chunk.length;
      if (Math.floor(bytes / 8_000_000) > before) most = Math.max(most, server.rss());
    }
    expect(bytes).toBeGreaterThan(40 * size * size * 2);
    // The server itself takes 150 MB; kept, the pictures would be 320 MB more.
    expect(most).toBeLessThan(420);
  });
});
