/** JPEG lossless, processes 14, in plain JavaScript. */
import { Decoder } from 'jpeg-lossless-decoder-js';
import { CodecError } from './codec-error.ts';
import { checkedHeader } from './frame-header.ts';
import type { ImageFormat } from './image-format.ts';
import { sampleBytes } from './samples.ts';

export function decodeJpegLossless(frame: Uint8Array, format: ImageFormat): Uint8Array {
  const { precision } = checkedHeader(frame, format);
  const copy = Uint8Array.from(frame);
  let decoded: Uint8Array | Uint16Array | null;
  try {
    decoded = new Decoder().decode(copy.buffer, 0, copy.length);
  } catch {
    throw new CodecError('The JPEG lossless frame cannot be decoded.');
  }
  if (!decoded) throw new CodecError('The JPEG lossless frame has no picture.');
  return sampleBytes(decoded, { precision, signed: false }, format);
}
