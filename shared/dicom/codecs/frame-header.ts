/**
 * What a compressed frame says of itself, read before a decoder allots memory for it.
 * Source: ISO/IEC 10918-1, B.2 (JPEG); 14495-1, C.2 (JPEG-LS); 15444-1, A.5.1 (JPEG 2000).
 */
import { CodecError } from './codec-error.ts';
import type { ImageFormat } from './image-format.ts';

export interface FrameHeader {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly precision: number;
  /** JPEG: whether a marker says how colours are written (JFIF, Adobe). */
  readonly saysColors: boolean;
  /** JPEG process 14. */
  readonly isLossless: boolean;
  /** JPEG, neither process 14 nor JPEG-LS. */
  readonly isLossy: boolean;
}

const startOfImage = 0xffd8;
const startOfCodestream = Buffer.from([0xff, 0x4f, 0xff, 0x51]);

/** Throws when the frame is not of the size that the data set says. */
export function checkedHeader(frame: Uint8Array, format: ImageFormat): FrameHeader {
  const header = frameHeader(frame);
  const { rows, columns, samples } = header;
  if (rows !== format.rows || columns !== format.columns || samples !== format.samples) {
    throw new CodecError('The compressed frame is not of the size that the data set says.');
  }
  return header;
}

export function frameHeader(frame: Uint8Array): FrameHeader {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    return bytes.readUInt16BE(0) === startOfImage ? jpegHeader(bytes) : jpeg2000Header(bytes);
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError('The compressed frame ends in its header.');
  }
}

/** JPEG and JPEG-LS: markers with their lengths, until the one that begins the frame. */
function jpegHeader(bytes: Buffer): FrameHeader {
  let saysColors = false;
  for (let at = 2; ; ) {
    const marker = bytes.readUInt16BE(at);
    if (marker === 0xffff) {
      at += 1;
      continue;
    }
    if (marker >>> 8 !== 0xff) throw new CodecError('The compressed frame has no marker where one should be.');
    if (marker === 0xffe0 || marker === 0xffee) {
      const name = bytes.toString('latin1', at + 4, at + 9);
      saysColors ||= name === 'JFIF\0' || name === 'Adobe';
    }
    if (beginsFrame(marker)) {
      return {
        precision: bytes.readUInt8(at + 4),
        rows: bytes.readUInt16BE(at + 5),
        columns: bytes.readUInt16BE(at + 7),
        samples: bytes.readUInt8(at + 9),
        saysColors,
        isLossless: marker === 0xffc3,
        isLossy: marker !== 0xffc3 && marker !== 0xfff7,
      };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

function beginsFrame(marker: number): boolean {
  if (marker === 0xfff7) return true;
  return marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
}

function jpeg2000Header(bytes: Buffer): FrameHeader {
  // Some writers put the codestream into the boxes of a JP2 file.
  const at = bytes.subarray(0, 4096).indexOf(startOfCodestream);
  if (at < 0) throw new CodecError('The compressed frame begins with no known marker.');
  const size = (place: number) => bytes.readUInt32BE(at + 8 + place * 4);
  return {
    columns: size(0) - size(2),
    rows: size(1) - size(3),
    samples: bytes.readUInt16BE(at + 40),
    precision: (bytes.readUInt8(at + 42) & 0x7f) + 1,
    saysColors: false,
    isLossless: false,
    isLossy: false,
  };
}
