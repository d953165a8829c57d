/**
 * Every frame of the real files in a compressed transfer syntax without loss, pixel for pixel against decoders that are not
 * ours: `dcmjs-codecs`, and Node's zlib. Codecs alone, since some of the files lack the UIDs to be stored.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../shared/dicom/codecs/convert-frame.ts';
import { frameBits, type ImageFormat, imageFormat } from '../../shared/dicom/codecs/image-format.ts';
import { packedBits, samplesOf } from '../../shared/dicom/codecs/samples.ts';
import { frameIndex } from '../../shared/dicom/part10/frame-index.ts';
import { frameReader, whole } from '../../shared/dicom/part10/frame-reader.ts';
import { Part10Reader } from '../../shared/dicom/part10/read-part10.ts';
import { noPart10, realFiles } from '../../shared/dicom/testing/json-oracle.ts';
import { sharedData } from '../shared-data.ts';
import { otherCodec } from './other-codec.ts';

const folder = sharedData('dicom');
const rle = '1.2.840.10008.1.2.5';
const deflatedFrame = '1.2.840.10008.1.2.8.1';
const lossless = [
  rle,
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.201',
  deflatedFrame,
];
/** It has no image. */
const files = realFiles(folder).filter(
  ({ file, transferSyntax }) =>
    lossless.includes(transferSyntax) && !(file in noPart10) && file !== 'pydicom/UN_sequence.dcm',
);

describe.skipIf(folder === undefined)('frames without loss', () => {
  it.each(files)('$file', async ({ file, transferSyntax }) => {
    const bytes = readFileSync(path.join(folder as string, file));
    const reader = new Part10Reader();
    await reader.push(bytes);
    const { dataSet, pixelData } = await reader.end();
    const format = imageFormat(dataSet);
    const index = frameIndex(dataSet, pixelData);
    if (!index) throw new Error('The file has no frames.');
    const { count, read } = frameReader(index, async function* ({ offset, length }) {
      yield bytes.subarray(offset, offset + length);
    });
    expect(count).toBeGreaterThan(0);
    for (let at = 0; at < count; at += 1) {
      const frame = Buffer.from(await whole(read(at)));
      const { pixels } = await decodeFrame(Uint8Array.from(frame), transferSyntax, format);
      const expected = await otherPixels(transferSyntax, frame, format);
      expect([file, at, storedBits(pixels, format).equals(storedBits(expected, format))]).toEqual([file, at, true]);
    }
  });

  it('are of every such syntax that a file has', () => {
    const syntaxes = new Set(files.map(({ transferSyntax }) => transferSyntax));
    // No file is HTJ2K: transcode.test.ts has what the service encodes decoded by the other codec.
    expect(lossless.filter((syntax) => !syntaxes.has(syntax))).toEqual(['1.2.840.10008.1.2.4.201']);
  });
});

async function otherPixels(syntax: string, frame: Buffer, format: ImageFormat): Promise<Uint8Array> {
  if (syntax === deflatedFrame) return inflateRawSync(frame);
  const pixels = await otherCodec(syntax, frame, format);
  return format.bitsAllocated === 1 && syntax !== rle ? packedBits(pixels) : pixels;
}

/** Ours has the sign in the bits above those stored, the other decoder zeros. Padding at the end is not pixels. */
function storedBits(pixels: Uint8Array, format: ImageFormat): Buffer {
  const bytes = Buffer.from(pixels.subarray(0, Math.ceil(frameBits(format) / 8)));
  if (format.bitsAllocated !== 16) return bytes;
  const samples = samplesOf(Uint8Array.from(bytes), 16) as Uint16Array;
  return Buffer.from(samples.map((sample) => sample & (2 ** format.bitsStored - 1)).buffer);
}
