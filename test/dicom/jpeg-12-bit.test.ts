/** JPEG with 12 bits against another decoder (IJG's, in `dcmjs-codecs`), and frames that are wrong. */
import { describe, expect, it } from 'vitest';
import { CodecError } from '../../shared/dicom/codecs/codec-error.ts';
import type { ImageFormat } from '../../shared/dicom/codecs/image-format.ts';
import { decodeJpeg12Bit } from '../../shared/dicom/codecs/jpeg-12-bit.ts';
import { samplesOf } from '../../shared/dicom/codecs/samples.ts';
import { type Encoding, jpeg12BitFrame } from '../../shared/dicom/testing/jpeg-12-bit-frame.ts';
import { otherCodec } from './other-codec.ts';

const jpegExtended = '1.2.840.10008.1.2.4.51';

function grey(rows: number, columns: number): ImageFormat {
  return {
    rows,
    columns,
    samples: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    signed: false,
    planar: false,
    photometric: 'MONOCHROME2',
  };
}

/** 0 to 4095: waves, and noise that the edges of blocks cut. */
function pictureOf({ rows, columns }: ImageFormat) {
  const samples = Uint16Array.from({ length: rows * columns }, (_, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    if ((x >> 4) % 3 === 2 && (y >> 3) % 2 === 1) return (x * 977 + y * 3571 + x * y * 13) % 4096;
    return Math.round(2047.5 + 2047.5 * Math.sin(x / 7) * Math.cos(y / 11));
  });
  return { rows, columns, samples };
}

const fine: Encoding = { quantization: () => 1 };
const coarse: Encoding = { quantization: (at) => 8 + at * 30 };

describe('JPEG with 12 bits', () => {
  it.each<[number, number, Encoding, number]>([
    [64, 64, fine, 2],
    [1, 1, fine, 2],
    [37, 53, coarse, 4096],
    [37, 53, { ...fine, restartInterval: 7 }, 2],
    [9, 130, { ...coarse, restartInterval: 1 }, 4096],
    [200, 7, fine, 2],
  ])('%i rows, %i columns, %o: what another decoder makes, but for roundings', async (rows, columns, encoding, off) => {
    const format = grey(rows, columns);
    const picture = pictureOf(format);
    const frame = jpeg12BitFrame(picture, encoding);
    const ours = samplesOf(decodeJpeg12Bit(frame, format), 16);
    const theirs = samplesOf(await otherCodec(jpegExtended, frame, format), 16);
    expect(ours).toHaveLength(rows * columns);
    const most = (others: ArrayLike<number>) =>
      Array.from(ours, (sample, at) => Math.abs(sample - (others[at] ?? 0))).reduce((a, b) => Math.max(a, b), 0);
    expect(most(theirs)).toBeLessThanOrEqual(1);
    expect(most(picture.samples)).toBeLessThanOrEqual(off);
  });

  const format = grey(32, 32);
  const whole = jpeg12BitFrame(pictureOf(format), fine);
  /** `marker` begins a segment of another kind. */
  const without = (marker: number, other = 0xe5) => {
    const frame = Buffer.from(whole);
    frame[frame.indexOf(Buffer.from([0xff, marker])) + 1] = other;
    return frame;
  };

  it.each([
    ['that ends in its pixels', whole.subarray(0, whole.length / 2)],
    ['that ends in its tables', whole.subarray(0, 100)],
    ['without Huffman tables', without(0xc4)],
    ['without quantization', without(0xdb)],
    ['that is progressive', without(0xc1, 0xc2)],
    ['with a code that no table has', Buffer.concat([whole.subarray(0, -600), Buffer.from('7f'.repeat(600), 'hex')])],
    ['of colours', Buffer.from(whole.map((byte, at) => (at === whole.indexOf(Buffer.from([1, 1, 0x11])) ? 3 : byte)))],
  ])('a frame %s is refused', (_, frame) => {
    expect(() => decodeJpeg12Bit(frame, format)).toThrow(CodecError);
  });

  it('a frame with any one byte wrong is refused or decoded, nothing else', () => {
    for (let at = 2; at < whole.length; at += at < 400 ? 1 : 97) {
      for (const byte of [0, 0xff, (whole[at] ?? 0) ^ 0x55]) {
        const frame = Buffer.from(whole);
        frame[at] = byte;
        try {
          expect(decodeJpeg12Bit(frame, format)).toHaveLength(32 * 32 * 2);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }
    }
  });
});
