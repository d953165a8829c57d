/** Deflated Image Frame Compression: each frame's native bytes, raw deflate. Source: DICOM PS3.5, A.4.13. */
import { inflateRawSync } from 'node:zlib';
import { CodecError } from './codec-error.ts';
import { frameBits, type ImageFormat } from './image-format.ts';

export function inflateFrame(frame: Uint8Array, format: ImageFormat): Uint8Array {
  const length = Math.ceil(frameBits(format) / 8);
  try {
    const inflated = inflateRawSync(frame, { maxOutputLength: length + 1 });
    if (inflated.length >= length) return Uint8Array.from(inflated.subarray(0, length));
  } catch {
    // Not deflated, or more than a frame.
  }
  throw new CodecError('The deflated frame is not of the size that the data set says.');
}
