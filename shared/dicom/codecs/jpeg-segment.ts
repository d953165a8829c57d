/** Segments of a JPEG frame: a marker, a length, and what belongs to it. Source: ISO/IEC 10918-1, B.1.1. */
export const markers = {
  extendedSequential: 0xffc1,
  lossless: 0xffc3,
  huffman: 0xffc4,
  scan: 0xffda,
  quantization: 0xffdb,
  restart: 0xffdd,
} as const;

export interface JpegSegment {
  readonly marker: number;
  readonly content: Buffer;
  /** Where what follows it begins. */
  readonly end: number;
}

/** Throws RangeError where the frame ends. Bytes of 0xFF before the marker are filling. */
export function segmentAt(bytes: Buffer, at: number): JpegSegment {
  const marker = bytes.readUInt16BE(at);
  if (marker === 0xffff) {
    let next = at + 1;
    while (bytes.readUInt16BE(next) === 0xffff) next += 1;
    return segmentAt(bytes, next);
  }
  const end = at + 2 + bytes.readUInt16BE(at + 2);
  return { marker, content: bytes.subarray(at + 4, end), end };
}
