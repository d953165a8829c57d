/** The bytes of frames, wherever they lie. Source: DICOM PS3.5, 8.1.1. */
import type { ByteRange, FrameIndex } from './frame-index.ts';

export interface FrameReader {
  readonly count: number;
  /** Frame 0 is the first. */
  read(frame: number): AsyncIterable<Uint8Array>;
}

export type ReadRange = (range: ByteRange) => AsyncIterable<Uint8Array>;

/** A native frame's places are those of the file. */
export function frameReader(index: FrameIndex, read: ReadRange): FrameReader {
  if (index.kind === 'fragments') {
    return {
      count: index.frames.length,
      read: async function* (frame) {
        for (const range of index.frames[frame] ?? []) yield* read(range);
      },
    };
  }
  const { offset, frameBits, count } = index;
  if (frameBits % 8 === 0) {
    const length = frameBits / 8;
    return { count, read: (frame) => read({ offset: offset + frame * length, length }) };
  }
  return {
    count,
    read: async function* (frame) {
      const from = frame * frameBits;
      const start = Math.floor(from / 8);
      const end = Math.ceil((from + frameBits) / 8);
      const bytes = await whole(read({ offset: offset + start, length: end - start }));
      yield shifted(bytes, from % 8, frameBits);
    },
  };
}

/** In a buffer of its own. */
export async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    length += chunk.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of all) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Single bits are packed from the lowest bit of a byte on (PS3.5, 8.1.1): the frame's first bit becomes bit 0. */
function shifted(bytes: Uint8Array, by: number, bits: number): Uint8Array {
  const frame = new Uint8Array(Math.ceil(bits / 8));
  for (let at = 0; at < frame.length; at += 1) {
    frame[at] = ((bytes[at] ?? 0) >> by) | (((bytes[at + 1] ?? 0) << (8 - by)) & 0xff);
  }
  const over = frame.length * 8 - bits;
  const last = frame.length - 1;
  frame[last] = (frame[last] ?? 0) & (0xff >> over);
  return frame;
}
