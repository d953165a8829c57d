/** RLE: one PackBits segment for each byte of a pixel, the most significant first. Source: DICOM PS3.5, annex G. */
import { CodecError } from './codec-error.ts';
import { frameBits, type ImageFormat } from './image-format.ts';

const headerBytes = 64;
const mostSegments = 15;

/** Pixel by pixel, little endian. */
export function decodeRle(frame: Uint8Array, format: ImageFormat): Uint8Array {
  const { rows, columns, samples, bitsAllocated } = format;
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < headerBytes) throw new CodecError('The RLE frame ends in its header.');
  const sampleBytes = Math.ceil(bitsAllocated / 8);
  const segments = bytes.readUInt32LE(0);
  if (segments !== samples * sampleBytes || segments > mostSegments) {
    throw new CodecError(`The RLE frame has ${segments} segments, not one for each byte of a pixel.`);
  }
  const decoded = new Uint8Array(Math.ceil(frameBits(format) / 8));
  const segmentBytes = bitsAllocated === 1 ? decoded.length : rows * columns;
  const offsets = Array.from({ length: segments }, (_, at) => bytes.readUInt32LE(4 + at * 4));
  for (const [index, offset] of offsets.entries()) {
    const end = offsets[index + 1] ?? bytes.length;
    if (offset < headerBytes || offset > end || end > bytes.length) {
      throw new CodecError('The segments of the RLE frame do not follow each other.');
    }
    const sample = Math.floor(index / sampleBytes);
    const significance = sampleBytes - 1 - (index % sampleBytes);
    const place = { start: sample * sampleBytes + significance, step: segments, count: segmentBytes };
    unpack(bytes.subarray(offset, end), decoded, place);
  }
  return decoded;
}

interface Place {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Runs and copies, until every byte of the segment is there; what follows is padding. */
function unpack(segment: Uint8Array, into: Uint8Array, { start, step, count }: Place): void {
  let at = 0;
  let left = count;
  let to = start;
  while (left > 0) {
    if (at >= segment.length) throw new CodecError('An RLE segment ends before its pixels do.');
    const control = segment[at] ?? 0;
    at += 1;
    if (control === 128) continue;
    const length = Math.min(left, control < 128 ? control + 1 : 257 - control);
    if (control < 128) {
      if (at + length > segment.length) throw new CodecError('An RLE segment ends before its pixels do.');
      for (let one = 0; one < length; one += 1, to += step) into[to] = segment[at + one] ?? 0;
      at += control + 1;
    } else {
      const value = segment[at] ?? 0;
      for (let one = 0; one < length; one += 1, to += step) into[to] = value;
      at += 1;
    }
    left -= length;
  }
}
