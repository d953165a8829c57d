/** Samples as numbers, and as the bytes that a data set has of them. Source: DICOM PS3.5, 8.1.1. */
import { CodecError } from './codec-error.ts';
import { frameBits, type ImageFormat } from './image-format.ts';

export type Samples = Uint8Array | Uint16Array | Uint32Array;

/** Samples of 8, 16 or 32 bits, as bytes have them in little endian. */
export function samplesOf(bytes: Uint8Array, bits: number): Samples {
  if (bits === 8) return bytes;
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  if (bits === 16) return new Uint16Array(buffer, byteOffset, Math.floor(length / 2));
  return new Uint32Array(buffer, byteOffset, Math.floor(length / 4));
}

/** Planes pixel by pixel. */
export function interleaved<S extends Samples>(planes: S, count: number): S {
  const pixels = planes.slice() as S;
  const size = Math.floor(planes.length / count);
  for (let plane = 0; plane < count; plane += 1) {
    for (let at = 0; at < size; at += 1) pixels[at * count + plane] = planes[plane * size + at] ?? 0;
  }
  return pixels;
}

/** What a decoder made, in the bits that the data set allots. */
export function sampleBytes(
  samples: Samples,
  { precision, signed }: { precision: number; signed: boolean },
  format: ImageFormat,
): Uint8Array {
  const { bitsAllocated, bitsStored } = format;
  if (precision > bitsAllocated) throw new CodecError('The compressed frame has more bits than the data set allots.');
  const bits = frameBits(format);
  if (samples.length * bitsAllocated !== bits) throw new CodecError('The compressed frame has not all of its pixels.');
  if (bitsAllocated === 1) return packedBits(samples);
  // Values of a signed image may be written as unsigned ones: their sign is the highest bit that is stored.
  const signBits = signed ? precision : format.signed ? Math.max(bitsStored, precision) : 0;
  const mask = (1 << bitsAllocated) - 1;
  const shift = 32 - signBits;
  const allotted = bitsAllocated === 8 ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
  if (bitsAllocated > 16) throw new CodecError(`Compressed samples of ${bitsAllocated} bits are not decoded.`);
  for (let at = 0; at < samples.length; at += 1) {
    const value = samples[at] ?? 0;
    allotted[at] = signBits === 0 ? value : ((value << shift) >> shift) & mask;
  }
  return new Uint8Array(allotted.buffer, allotted.byteOffset, allotted.byteLength);
}

/** The first pixel is the lowest bit of the first byte. */
export function packedBits(samples: Samples): Uint8Array {
  const packed = new Uint8Array(Math.ceil(samples.length / 8));
  for (let at = 0; at < samples.length; at += 1) {
    if ((samples[at] ?? 0) !== 0) packed[at >> 3] = (packed[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return packed;
}

export function unpackedBits(packed: Uint8Array, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) samples[at] = ((packed[at >> 3] ?? 0) >> (at & 7)) & 1;
  return samples;
}
