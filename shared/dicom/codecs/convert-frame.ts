/** One frame from one representation into another: the work of a codec thread. */
import { CodecError } from './codec-error.ts';
import { checkedHeader, frameHeader } from './frame-header.ts';
import type { ImageFormat } from './image-format.ts';
import { interleaved, samplesOf, unpackedBits } from './samples.ts';
import { type DecodedSyntax, isDecoded, syntaxes } from './syntaxes.ts';

/** Native pixels, one pixel after the other, little endian. */
export interface DecodedFrame {
  readonly pixels: Uint8Array;
  readonly format: ImageFormat;
}

type Decode = (frame: Uint8Array, format: ImageFormat) => Uint8Array | Promise<Uint8Array>;
type Encode = (pixels: Uint8Array, format: ImageFormat, precision: number) => Promise<Uint8Array>;

/** By the frame itself: files exist whose frames are of another process than their transfer syntax says. */
const jpeg: Decode = async (frame, format) => {
  const { isLossless, precision } = checkedHeader(frame, format);
  if (isLossless) return (await import('./jpeg-lossless.ts')).decodeJpegLossless(frame, format);
  if (precision === 12) return (await import('./jpeg-12-bit.ts')).decodeJpeg12Bit(frame, format);
  return (await import('./jpeg.ts')).decodeJpeg(frame, format);
};
const jpegLs: Decode = async (frame, format) => (await import('./jpeg-ls.ts')).decodeJpegLs(frame, format);
const jpeg2000: Decode = async (frame, format) => (await import('./jpeg-2000.ts')).decodeJpeg2000(frame, format);
const highThroughput: Decode = async (frame, format) =>
  (await import('./jpeg-2000.ts')).decodeHighThroughput(frame, format);
const rle: Decode = async (frame, format) => (await import('./rle.ts')).decodeRle(frame, format);
const deflated: Decode = async (frame, format) => (await import('./deflated-frame.ts')).inflateFrame(frame, format);

const decoders: Readonly<Record<DecodedSyntax, Decode>> = {
  [syntaxes.jpegBaseline]: jpeg,
  [syntaxes.jpegExtended]: jpeg,
  [syntaxes.jpegLossless]: jpeg,
  [syntaxes.jpegLosslessFirstOrder]: jpeg,
  [syntaxes.jpegLsLossless]: jpegLs,
  [syntaxes.jpegLsNearLossless]: jpegLs,
  [syntaxes.jpeg2000Lossless]: jpeg2000,
  [syntaxes.jpeg2000]: jpeg2000,
  [syntaxes.htj2kLossless]: highThroughput,
  [syntaxes.htj2kLosslessRpcl]: highThroughput,
  [syntaxes.htj2k]: highThroughput,
  [syntaxes.rle]: rle,
  [syntaxes.deflatedFrame]: deflated,
};

const encoders: Readonly<Record<string, Encode>> = {
  [syntaxes.jpeg2000Lossless]: async (...frame) => (await import('./jpeg-2000.ts')).encodeJpeg2000(...frame),
  [syntaxes.htj2kLossless]: async (...frame) => (await import('./jpeg-2000.ts')).encodeHighThroughput(...frame),
  [syntaxes.jpegLsLossless]: async (...frame) => (await import('./jpeg-ls.ts')).encodeJpegLs(...frame),
};

/** `syntax` is undefined for a native frame. */
export async function decodeFrame(
  frame: Uint8Array,
  syntax: string | undefined,
  format: ImageFormat,
): Promise<DecodedFrame> {
  if (syntax === undefined) return nativeFrame(frame, format);
  if (!isDecoded(syntax)) throw new CodecError('This transfer syntax is not decoded.');
  const pixels = await decoders[syntax](frame, format);
  const isRgb = ['YBR_RCT', 'YBR_ICT'].includes(format.photometric) || (format.samples === 3 && isLossyJpeg(frame));
  return { pixels, format: { ...format, planar: false, photometric: isRgb ? 'RGB' : format.photometric } };
}

/** Decoders of JPEG make RGB, as those of JPEG 2000 do where colours were transformed. */
function isLossyJpeg(frame: Uint8Array): boolean {
  return frame[0] === 0xff && frame[1] === 0xd8 && frameHeader(frame).isLossy;
}

function nativeFrame(frame: Uint8Array, format: ImageFormat): DecodedFrame {
  const { rows, columns, samples, bitsAllocated, planar, photometric } = format;
  if (photometric === 'YBR_FULL_422' && samples === 3) {
    return { pixels: withoutSubsampling(frame), format: { ...format, photometric: 'YBR_FULL' } };
  }
  if (!planar || samples === 1) return { pixels: frame, format };
  const planes = samplesOf(frame, bitsAllocated).subarray(0, rows * columns * samples);
  const { buffer, byteOffset, byteLength } = interleaved(planes, samples);
  return { pixels: new Uint8Array(buffer, byteOffset, byteLength), format: { ...format, planar: false } };
}

/** Y Y Cb Cr for two pixels: each gets both colours (PS3.3, C.7.6.3.1.2). */
function withoutSubsampling(frame: Uint8Array): Uint8Array {
  const pixels = new Uint8Array((frame.length / 2) * 3);
  for (let at = 0, to = 0; at + 4 <= frame.length; at += 4, to += 6) {
    const [one = 0, other = 0, blue = 0, red = 0] = frame.subarray(at, at + 4);
    pixels.set([one, blue, red, other, blue, red], to);
  }
  return pixels;
}

export async function encodeFrame(
  { pixels, format }: DecodedFrame,
  syntax: string,
): Promise<{ readonly bytes: Uint8Array; readonly photometric: string }> {
  const encode = encoders[syntax];
  if (!encode) throw new CodecError('This transfer syntax is not encoded.');
  const { rows, columns, samples, bitsAllocated, photometric } = format;
  if (bitsAllocated > 16) throw new CodecError(`Samples of ${bitsAllocated} bits are not encoded.`);
  if (samples === 4 || (samples === 3 && photometric !== 'RGB')) {
    throw new CodecError(`${photometric} cannot be encoded without loss.`);
  }
  // OpenJPEG and OpenJPH, as they are built, fail at or damage these.
  if (
    syntax !== syntaxes.jpegLsLossless &&
    ((samples === 3 && bitsAllocated > 8) || (format.signed && bitsAllocated === 8))
  ) {
    throw new CodecError('Colours of more than 8 bits, and signed bytes, are not encoded in JPEG 2000.');
  }
  const bytes =
    bitsAllocated === 1
      ? await encode(unpackedBits(pixels, rows * columns), { ...format, signed: false }, 1)
      : await encode(pixels, format, precisionOf(pixels, format));
  const isTransformed = samples === 3 && syntax !== syntaxes.jpegLsLossless;
  return { bytes, photometric: isTransformed ? 'YBR_RCT' : photometric };
}

/** The bits that are stored, unless others of a sample are used as well: then nothing may be lost of them. */
function precisionOf(pixels: Uint8Array, { bitsAllocated, bitsStored, signed }: ImageFormat): number {
  if (bitsStored === bitsAllocated) return bitsAllocated;
  const samples = samplesOf(pixels, bitsAllocated);
  const shift = 32 - bitsAllocated;
  const low = signed ? -(2 ** (bitsStored - 1)) : 0;
  const high = signed ? 2 ** (bitsStored - 1) : 2 ** bitsStored;
  const fits = (value: number) => {
    const number = signed ? (value << shift) >> shift : value;
    return number >= low && number < high;
  };
  return samples.every(fits) ? bitsStored : bitsAllocated;
}
