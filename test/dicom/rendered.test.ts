/** WADO-RS rendered and thumbnails, over the real files, against the pictures that `dcmjs-imaging` makes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';

const folder = sharedData('dicom');

interface Imaging {
  readonly DicomImage: new (
    file: ArrayBuffer,
  ) => { render(options: object): { width: number; height: number; pixels: ArrayBuffer } };
  readonly NativePixelDecoder: { initializeAsync(): Promise<void> };
}
const { DicomImage, NativePixelDecoder } = createRequire(import.meta.url)('dcmjs-imaging') as Imaging;

/** Of 8 bits, as the service writes them: grey or RGB, each byte less the one on its left. */
function readPng(bytes: Buffer): { width: number; height: number; samples: number; pixels: Uint8Array } {
  expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const samples = bytes.readUInt8(25) === 0 ? 1 : 3;
  const length = bytes.readUInt32BE(33);
  expect(bytes.toString('latin1', 37, 41)).toBe('IDAT');
  const filtered = inflateSync(bytes.subarray(41, 41 + length));
  const row = width * samples;
  const pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) {
    expect(filtered[y * (row + 1)]).toBe(1);
    for (let x = 0; x < row; x += 1) {
      const left = x < samples ? 0 : (pixels[y * row + x - samples] ?? 0);
      pixels[y * row + x] = (filtered[y * (row + 1) + 1 + x] ?? 0) + left;
    }
  }
  return { width, height, samples, pixels };
}

describe.skipIf(folder === undefined)('Rendered: the real files', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  const file = (name: string) => readFileSync(path.join(folder as string, name));

  async function stored(name: string): Promise<string> {
    const { status, json } = await v2.store([file(name)], '/studies', 'PUT');
    expect([200, 202]).toContain(status);
    const url: string = json['00081199'].Value[0]['00081190'].Value[0];
    return url.slice(`${server.url}/dicom/v2`.length);
  }

  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
    await NativePixelDecoder.initializeAsync();
  });
  afterAll(() => server.stop());

  it.each<[string, string, most?: number]>([
    ['a window, signed', 'pydicom/MR_small_implicit.dcm'],
    ['a window and a slope', 'dicom-server/case1_008.dcm'],
    ['no window', 'pydicom/CT_small.dcm'],
    ['smallest and largest values, JPEG 2000', 'pydicom/JPEG2000.dcm'],
    ['MONOCHROME1', 'pydicom-data/RG3_J2KR.dcm'],
    ['a modality table', 'pydicom-data/mlut_18.dcm'],
    ['a table of values', 'pydicom-data/vlut_04.dcm'],
    ['a palette', 'pydicom/examples_palette.dcm'],
    ['a palette in single bytes', 'pydicom-data/OBXXXX1A.dcm'],
    ['single bits', 'pydicom-data/liver.dcm'],
    ['RGB', 'pydicom-data/US1_UNCI.dcm'],
    ['YBR_FULL', 'pydicom-data/SC_ybr_full_uncompressed.dcm'],
    ['YBR_FULL_422', 'pydicom/SC_ybr_full_422_uncompressed.dcm'],
    ['JPEG in colour', 'pydicom/examples_ybr_color.dcm'],
    ['JPEG-LS', 'pydicom-data/emri_small_jpeg_ls_lossless.dcm'],
    // Its 279 values are nearly the shades of grey: where the two decoders round differently, that is one more.
    ['JPEG of 12 bits', 'pydicom/JPGExtended.dcm', 2],
    ['deflated', 'pydicom/image_dfl.dcm'],
  ])('%s: PNG within one of what another renderer makes', async (_, name, most = 1) => {
    const answer = await v2.get(`${await stored(name)}/rendered`, 'image/png');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    const { width, height, samples, pixels } = readPng(answer.bytes);
    const expected = new DicomImage(new Uint8Array(file(name)).buffer).render({ frame: 0, renderOverlays: false });
    expect([width, height]).toEqual([expected.width, expected.height]);
    const other = new Uint8Array(expected.pixels);
    let worst = 0;
    for (let at = 0; at < width * height; at += 1) {
      for (let color = 0; color < 3; color += 1) {
        const own = pixels[at * samples + (samples === 1 ? 0 : color)] ?? 0;
        worst = Math.max(worst, Math.abs(own - (other[at * 4 + color] ?? 0)));
      }
    }
    expect(worst).toBeLessThanOrEqual(most);
  });

  it('JPEG is the default; quality makes it smaller', async () => {
    const address = await stored('pydicom-data/US1_UNCI.dcm');
    const whole = await v2.get(`${address}/rendered`, 'image/jpeg');
    const small = await v2.get(`${address}/frames/1/rendered?quality=10`, 'image/jpeg');
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(small.bytes.length).toBeLessThan(whole.bytes.length / 3);
    const png = readPng((await v2.get(`${address}/rendered`, 'image/png')).bytes);
    const { width, height, data } = jpeg.decode(whole.bytes);
    expect([width, height]).toEqual([640, 480]);
    let off = 0;
    for (let at = 0; at < width * height; at += 1) off += Math.abs((data[at * 4] ?? 0) - (png.pixels[at * 3] ?? 0));
    expect(off / (width * height)).toBeLessThan(2);
  });

  it('a picture of 10 by 10 pixels has its JPEG too', async () => {
    const answer = await v2.get(`${await stored('pydicom/rtdose.dcm')}/frames/15/rendered`, 'image/jpeg');
    expect([jpeg.decode(answer.bytes).width, jpeg.decode(answer.bytes).height]).toEqual([10, 10]);
  });

  it('AHDS: no Accept is JPEG; several types, any type, another type are 406', async () => {
    const address = await stored('pydicom/CT_small.dcm');
    for (const [accept, status] of [
      ['image/png', 200],
      ['image/jpeg', 200],
      ['image/gif', 406],
      ['*/*', 406],
      ['image/jpeg, image/png', 406],
      ['application/dicom', 406],
    ] as const) {
      expect([accept, (await v2.get(`${address}/rendered`, accept)).status]).toEqual([accept, status]);
    }
  });

  it.each([
    ['rendered?quality=0', 400],
    ['rendered?quality=101', 400],
    ['rendered?quality=good', 400],
    ['rendered?window=1', 400],
    ['rendered?window=1,0', 400],
    ['rendered?window=1,2,other', 400],
    ['rendered?viewport=0,10', 400],
    ['rendered?viewport=99999,99999', 400],
    ['frames/0/rendered', 400],
    ['frames/1,2/rendered', 400],
    ['frames/2/rendered', 404],
    ['frames/1/rendered?quality=100', 200],
    ['frames/1/thumbnail', 200],
  ])('%s: %i', async (rest, status) => {
    expect((await v2.get(`${await stored('pydicom/CT_small.dcm')}/${rest}`, 'image/jpeg')).status).toBe(status);
  });

  it('what has no pixels is 404, what cannot be decoded 406', async () => {
    expect((await v2.get(`${await stored('pydicom/test-SR.dcm')}/rendered`, 'image/jpeg')).status).toBe(404);
    const floats = await stored('pydicom-data/parametric_map_float.dcm');
    expect((await v2.get(`${floats}/rendered`, 'image/jpeg')).status).toBe(406);
  });

  it('a window of the request takes the place of that of the file', async () => {
    const address = await stored('pydicom/CT_small.dcm');
    const picture = async (query: string) =>
      readPng((await v2.get(`${address}/rendered?${query}`, 'image/png')).bytes).pixels;
    expect((await picture('window=10000,1,linear')).every((pixel) => pixel === 0)).toBe(true);
    expect((await picture('window=-10000,1,linear')).every((pixel) => pixel === 255)).toBe(true);
    const pixels = await picture('window=40,400,sigmoid');
    expect(new Set(pixels).size).toBeGreaterThan(100);
  });

  it('a viewport keeps the shape of the part that it shows, and turns it around', async () => {
    const address = await stored('pydicom/examples_palette.dcm');
    const picture = async (query: string) => readPng((await v2.get(`${address}/rendered${query}`, 'image/png')).bytes);
    const whole = await picture('');
    const small = await picture('?viewport=200,200');
    expect([whole.width, whole.height, small.width, small.height]).toEqual([800, 350, 200, 88]);
    const part = await picture('?viewport=40,20,100,50,40,20');
    const first = part.pixels.subarray(0, 120);
    expect([...first]).toEqual([...whole.pixels.subarray((50 * 800 + 100) * 3, (50 * 800 + 140) * 3)]);
    const turned = await picture('?viewport=40,20,100,50,-40,20');
    expect([...turned.pixels.subarray(0, 3)]).toEqual([...part.pixels.subarray(39 * 3, 40 * 3)]);
  });

  it('a thumbnail fits into 128 by 128, whatever takes JPEG', async () => {
    const address = await stored('pydicom/examples_palette.dcm');
    const answer = await v2.get(`${address}/thumbnail`, 'image/avif,image/*;q=0.8,*/*;q=0.5');
    const { width, height } = jpeg.decode(answer.bytes);
    expect([answer.status, width, height]).toEqual([200, 128, 56]);
    const larger = await v2.get(`${address}/thumbnail?viewport=200,200`, 'image/png');
    expect(readPng(larger.bytes).width).toBe(200);
  });
});
