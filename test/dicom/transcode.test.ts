/** WADO-RS in other transfer syntaxes, over the real files: pixels against pairs of one image and against other codecs. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { api as dicomweb } from 'dicomweb-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomCall } from '../../shared/dicom/call.ts';
import { type ImageFormat, imageFormat } from '../../shared/dicom/codecs/image-format.ts';
import { type Part10, Part10Reader } from '../../shared/dicom/part10/read-part10.ts';
import { openToConvert } from '../../shared/dicom/retrieve/convert-frames.ts';
import { dataSetBytes, part10File, text, uint16 } from '../../shared/dicom/testing/part10-file.ts';
import type { StoredInstance } from '../../shared/stores/imaging/imaging-index.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';
import { otherCodec } from './other-codec.ts';

const folder = sharedData('dicom');
const explicitLittle = '1.2.840.10008.1.2.1';
const jpeg2000 = '1.2.840.10008.1.2.4.90';
const highThroughput = '1.2.840.10008.1.2.4.201';
const jpegLs = '1.2.840.10008.1.2.4.80';
const single = (syntax: string) => `application/dicom; transfer-syntax=${syntax}`;

/** Files of one image: compressed or in another order of bytes, and native little endian. */
const pairs: readonly (readonly [string, string])[] = [
  ['dicom-server/Decode_FromJPEGProcess1_Input.dcm', 'dicom-server/Decode_FromJPEGProcess1_ExpectedOutput.dcm'],
  ['dicom-server/TranscodingSamples/RLELossless.dcm', 'dicom-server/TranscodingSamples/ImplicitVRLittleEndian.dcm'],
  [
    'dicom-server/TranscodingSamples/DeflatedExplicitVRLittleEndian.dcm',
    'dicom-server/TranscodingSamples/ImplicitVRLittleEndian.dcm',
  ],
  ['pydicom/SC_jpeg_no_color_transform.dcm', 'pydicom/SC_rgb_jpeg_dcmd.dcm'],
  ['pydicom/SC_rgb_dcmtk_+eb+cy+np.dcm', 'pydicom-data/SC_rgb_dcmtk_ebcynp_dcmd.dcm'],
  ['pydicom/SC_rgb_dcmtk_+eb+cy+s2.dcm', 'pydicom-data/SC_rgb_dcmtk_ebcys2_dcmd.dcm'],
  ['pydicom/SC_rgb_gdcm_KY.dcm', 'pydicom-data/SC_rgb_gdcm2k_uncompressed.dcm'],
  ['pydicom/SC_rgb_rle_2frame.dcm', 'pydicom-data/SC_rgb_2frame.dcm'],
  ['pydicom/MR_small_expb.dcm', 'pydicom/MR_small_implicit.dcm'],
  ['pydicom/MR_small_RLE.dcm', 'pydicom/MR_small_implicit.dcm'],
  ['pydicom/MR_small_jp2klossless.dcm', 'pydicom/MR_small_implicit.dcm'],
  ['pydicom/MR_small_jpeg_ls_lossless.dcm', 'pydicom/MR_small_implicit.dcm'],
  ['pydicom/rtdose_rle_1frame.dcm', 'pydicom/rtdose_1frame.dcm'],
  ['pydicom-data/emri_small_jpeg_2k_lossless.dcm', 'pydicom-data/emri_small.dcm'],
  ['pydicom-data/emri_small_jpeg_ls_lossless.dcm', 'pydicom-data/emri_small.dcm'],
  ['pydicom-data/liver_j2k.dcm', 'pydicom-data/liver.dcm'],
  ['pydicom-data/liver_expb.dcm', 'pydicom-data/liver.dcm'],
  ['pydicom-data/liver_deflate.dcm', 'pydicom-data/liver.dcm'],
  ['pydicom-data/liver_nonbyte_aligned_rle.dcm', 'pydicom-data/liver_nonbyte_aligned.dcm'],
  ['pydicom-data/OBXXXX1A_expb.dcm', 'pydicom-data/OBXXXX1A.dcm'],
  ['pydicom-data/gdcm-US-ALOKA-16_big.dcm', 'pydicom-data/gdcm-US-ALOKA-16.dcm'],
  ['pydicom-data/SC_rgb_expb_16bit.dcm', 'pydicom-data/SC_rgb_16bit.dcm'],
];

interface Image {
  readonly file: Part10;
  readonly format: ImageFormat;
  /** Native pixel data, or the frames of encapsulated. */
  readonly pixels: Buffer;
  readonly frames: readonly Buffer[];
}

async function imageOf(bytes: Buffer): Promise<Image> {
  const reader = new Part10Reader();
  await reader.push(bytes);
  const file = await reader.end();
  const { pixelData } = file;
  if (!pixelData) throw new Error('The file has no pixel data.');
  const part = ({ offset, length }: { offset: number; length: number }) => bytes.subarray(offset, offset + length);
  const frames = pixelData.kind === 'native' ? [] : pixelData.fragments.map(part);
  return { file, format: imageFormat(file.dataSet), pixels: part(pixelData), frames };
}

describe.skipIf(folder === undefined)('Transcoding: the real files', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  const file = (name: string) => readFileSync(path.join(folder as string, name));

  /** Stores it in the place of another with its UIDs; its address. */
  async function stored(bytes: Buffer): Promise<string> {
    const { status, json } = await v2.store([bytes], '/studies', 'PUT');
    expect([200, 202]).toContain(status);
    const url: string = json['00081199'].Value[0]['00081190'].Value[0];
    return url.slice(`${server.url}/dicom/v2`.length);
  }

  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
  });
  afterAll(() => server.stop());

  it.each(pairs)('%s becomes the pixels of %s', async (compressed, native) => {
    const address = await stored(file(compressed));
    const answer = await v2.get(address, single(explicitLittle));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(single(explicitLittle));
    const [made, expected] = [await imageOf(answer.bytes), await imageOf(file(native))];
    expect(made.file.syntax.uid).toBe(explicitLittle);
    // Padding at the end is not pixels.
    const length = Math.min(made.pixels.length, expected.pixels.length) - 1;
    expect(Math.abs(made.pixels.length - expected.pixels.length)).toBeLessThanOrEqual(1);
    expect(made.pixels.subarray(0, length).equals(expected.pixels.subarray(0, length))).toBe(true);
    expect(made.format.planar).toBe(expected.format.planar);

    const frame = await v2.get(`${address}/frames/1`, 'application/octet-stream');
    expect([frame.status, frame.headers.get('content-type')]).toEqual([
      200,
      `application/octet-stream; transfer-syntax=${explicitLittle}`,
    ]);
    const whole = frame.bytes.length - 1;
    expect(frame.bytes.subarray(0, whole).equals(expected.pixels.subarray(0, whole))).toBe(true);
  });

  it("Microsoft's JPEG lossless and JPEG 2000 inputs become the pixels of its expected output", async () => {
    const expected = await imageOf(
      file('dicom-server/Uncompressed_FromImplicitVRLittleEndianToExplicitVRBigEndian_ExpectedOutput.dcm'),
    );
    for (const name of ['JPEGProcess14', 'JPEGProcess14SV1', 'JPEG2000Lossless']) {
      const answer = await v2.get(
        await stored(file(`dicom-server/Decode_From${name}_Input.dcm`)),
        single(explicitLittle),
      );
      const made = await imageOf(answer.bytes);
      // The expected output is big endian with OB or OW of 8 bits.
      const { pixelData, dataSet } = expected.file;
      const isWords = dataSet.elements.get(pixelData?.tag ?? 0)?.vr === 'OW';
      const pixels = isWords ? Buffer.from(expected.pixels).swap16() : expected.pixels;
      expect([name, made.format.photometric, made.pixels.equals(pixels)]).toEqual([name, 'RGB', true]);
    }
  });

  it.each(['dcmjs/sample-op.dcm', 'pydicom-data/693_J2KR.dcm', 'dicom-server/layer9.dcm'])(
    '%s becomes what another codec makes of it',
    async (name) => {
      const bytes = file(name);
      const answer = await v2.get(await stored(bytes), single(explicitLittle));
      const { file: source, format, frames } = await imageOf(bytes);
      const expected = await otherCodec(source.syntax.uid, Buffer.concat(frames), format);
      expect((await imageOf(answer.bytes)).pixels.equals(expected)).toBe(true);
    },
  );

  it.each(['pydicom/JPGExtended.dcm', 'pydicom/JPEG-lossy.dcm'])(
    '%s, of 12 bits, becomes what another codec makes of it, each sample within 1',
    async (name) => {
      const bytes = file(name);
      const answer = await v2.get(await stored(bytes), single(explicitLittle));
      const { file: source, format, frames } = await imageOf(bytes);
      const { pixels } = await imageOf(answer.bytes);
      const expected = await otherCodec(source.syntax.uid, Buffer.concat(frames), format);
      expect(pixels).toHaveLength(expected.length);
      let most = 0;
      for (let at = 0; at < pixels.length; at += 2)
        most = Math.max(most, Math.abs(pixels.readUInt16LE(at) - expected.readUInt16LE(at)));
      expect(most).toBe(1);
    },
  );

  it.each(
    [
      'pydicom/CT_small.dcm',
      'pydicom/MR_small_expb.dcm',
      'pydicom/examples_palette.dcm',
      'pydicom-data/emri_small.dcm',
      'pydicom-data/mlut_18.dcm',
      'dicom-server/TranscodingSamples/RLELossless.dcm',
      'dicom-server/TranscodingSamples/JPEGProcess1.dcm',
    ].flatMap((name) => [jpeg2000, highThroughput, jpegLs].map((syntax) => [name, syntax] as const)),
  )('%s as %s decodes to the same pixels', async (name, syntax) => {
    const address = await stored(file(name));
    const native = await imageOf((await v2.get(address, single(explicitLittle))).bytes);
    const answer = await v2.get(address, single(syntax));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, single(syntax)]);
    const { format, frames, file: made } = await imageOf(answer.bytes);
    expect(made.syntax.uid).toBe(syntax);
    expect(format.photometric).toBe(format.samples === 3 && syntax !== jpegLs ? 'YBR_RCT' : native.format.photometric);
    const decoded = await Promise.all(frames.map((frame) => otherCodec(syntax, frame, format)));
    const pixels = Buffer.concat(decoded);
    expect(pixels.equals(native.pixels.subarray(0, pixels.length))).toBe(true);
    expect(decoded.length).toBeGreaterThan(0);
  });

  it('every other element stays as it was', async () => {
    for (const name of [
      'pydicom/MR_small_expb.dcm',
      'pydicom-data/emri_small_jpeg_2k_lossless.dcm',
      'pydicom/rtdose.dcm',
    ]) {
      const bytes = file(name);
      const address = await stored(bytes);
      const before = (await v2.get(`${address}/metadata`)).json[0];
      const made = await v2.get(address, single(explicitLittle));
      expect(made.status).toBe(200);
      await stored(made.bytes);
      expect((await v2.get(`${address}/metadata`)).json[0]).toEqual(before);
    }
  });

  it('several frames come converted in multipart, in the order asked for', async () => {
    const address = await stored(file('pydicom-data/emri_small_jpeg_2k_lossless.dcm'));
    const { pixels } = await imageOf(file('pydicom-data/emri_small.dcm'));
    const answer = await v2.get(`${address}/frames/3,1,3`, 'multipart/related; type="application/octet-stream"');
    const frame = (at: number) => pixels.subarray(at * 8192, at * 8192 + 8192);
    expect(partsOf(answer).map(({ content }) => content.equals(frame(2)))).toEqual([true, false, true]);
    expect(partsOf(answer)[1]?.content.equals(frame(0))).toBe(true);
    const compressed = await v2.get(`${address}/frames/2`, 'multipart/related; type="image/jp2"');
    expect(partsOf(compressed)[0]?.contentType).toBe(`image/jp2; transfer-syntax=${jpeg2000}`);
  });

  it('dicomweb-client retrieves a compressed instance, its frames and its picture', async () => {
    Object.assign(globalThis, { XMLHttpRequest: createRequire(import.meta.url)('xhr2') });
    const client = new dicomweb.DICOMwebClient({ url: `${server.url}/dicom/v2`, singlepart: false });
    const address = await stored(file('pydicom-data/emri_small_jpeg_ls_lossless.dcm'));
    const [, , studyInstanceUID, , seriesInstanceUID, , sopInstanceUID] = address.split('/');
    const uids = { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
    const { pixels } = await imageOf(file('pydicom-data/emri_small.dcm'));
    const frames = (await client.retrieveInstanceFrames({ ...uids, frameNumbers: [1, 2] } as never)) as ArrayBuffer[];
    expect(Buffer.concat(frames.map((frame) => Buffer.from(frame))).equals(pixels.subarray(0, 16_384))).toBe(true);
    const instance = (await client.retrieveInstance(uids as never)) as ArrayBuffer;
    expect((await imageOf(Buffer.from(instance))).pixels.equals(pixels)).toBe(true);
    const rendered = { ...uids, mediaTypes: [{ mediaType: 'image/png' }] };
    const [picture] = (await client.retrieveInstanceRendered(rendered as never)) as unknown as ArrayBuffer[];
    expect(Buffer.from(picture as ArrayBuffer).toString('latin1', 1, 4)).toBe('PNG');
  });

  it('AHDS: a file over 100 MB is not converted', async () => {
    const call = {} as DicomCall;
    const over = openToConvert(call, { length: 104_857_601 } as StoredInstance);
    await expect(over).rejects.toMatchObject({ status: 406 });
  });

  it.each([
    ['a transfer syntax of video', () => compressed('1.2.840.10008.1.2.4.102', Buffer.alloc(64))],
    ['a broken JPEG 2000 frame', () => broken('pydicom-data/693_J2KR.dcm')],
    ['a broken JPEG-LS frame', () => broken('pydicom/MR_small_jpeg_ls_lossless.dcm')],
    ['a broken RLE frame', () => broken('pydicom/MR_small_RLE.dcm')],
    ['a broken JPEG lossless frame', () => broken('dicom-server/Decode_FromJPEGProcess14_Input.dcm')],
    ['nothing where JPEG should be', () => compressed('1.2.840.10008.1.2.4.50', Buffer.alloc(16))],
    [
      'a frame of 65,535 by 65,535',
      () => compressed('1.2.840.10008.1.2.4.90', Buffer.alloc(16), { rows: 65_535, columns: 65_535, frames: '10000' }),
    ],
    ['a deflated file of 500 kB that inflates to 121 MB', () => deflated()],
    ['a small image that says it is large inside', () => compressed('1.2.840.10008.1.2.4.90', hugeJpeg2000())],
  ])('%s is 406, as instance and as frame; the service goes on', async (_, make) => {
    const address = await stored(await make());
    expect((await v2.get(address, single(explicitLittle))).status).toBe(406);
    const frame = await v2.get(`${address}/frames/1`, 'application/octet-stream');
    expect([404, 406]).toContain(frame.status);
    expect((await v2.get(address, single('*'))).status).toBe(200);
    const good = await stored(file('pydicom/MR_small_jp2klossless.dcm'));
    expect((await v2.get(`${good}/frames/1`, 'application/octet-stream')).status).toBe(200);
  });

  /** The frame is noise from its 70th byte on. */
  async function broken(name: string): Promise<Buffer> {
    const bytes = Buffer.from(file(name));
    // A view of these bytes.
    const { frames } = await imageOf(bytes);
    frames[0]?.forEach((_, at, frame) => {
      if (at > 70) frame[at] = (at * 7919) & 0xff;
    });
    return bytes;
  }
});

function image({ study = '1.2.9', instance = '1.2.9.1.1', rows = 16, columns = 16, frames = '1' } = {}) {
  return [
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(0x00080018, 'UI', instance),
    text(0x00100020, 'LO', 'X'),
    text(0x0020000d, 'UI', study),
    text(0x0020000e, 'UI', `${study}.1`),
    uint16(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    text(0x00280008, 'IS', frames),
    uint16(0x00280010, rows),
    uint16(0x00280011, columns),
    uint16(0x00280100, 8),
    uint16(0x00280101, 8),
    uint16(0x00280103, 0),
  ];
}

function compressed(transferSyntax: string, frame: Buffer, size = {}): Buffer {
  const pixels = { tag: 0x7fe00010, vr: 'OB', fragments: [Buffer.alloc(0), frame] };
  return part10File({ transferSyntax, elements: [...image(size), pixels] });
}

function deflated(): Buffer {
  const pixels = { tag: 0x7fe00010, vr: 'OW', value: Buffer.alloc(121_000_000) };
  const head = part10File({ transferSyntax: '1.2.840.10008.1.2.1.99', elements: [] });
  return Buffer.concat([head, deflateRawSync(dataSetBytes([...image({ rows: 11_000, columns: 11_000 }), pixels]))]);
}

/** A header that asks for 4 billion pixels. */
function hugeJpeg2000(): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt32BE(0xff4fff51, 0);
  bytes.writeUInt16BE(41, 4);
  for (const [at, value] of [65_535, 65_535, 0, 0, 65_535, 65_535, 0, 0].entries())
    bytes.writeUInt32BE(value, 8 + at * 4);
  bytes.writeUInt16BE(1, 40);
  bytes.writeUInt8(7, 42);
  return bytes;
}
