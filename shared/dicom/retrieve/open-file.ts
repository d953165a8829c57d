/** A stored file for a look at its data set and frames: pixel data is passed over, not read. */
import { createInflateRaw } from 'node:zlib';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import { CodecError } from '../codecs/codec-error.ts';
import { numberOf } from '../codecs/image-format.ts';
import { type ByteRange, frameIndex } from '../part10/frame-index.ts';
import { type FrameReader, frameReader, type ReadRange, whole } from '../part10/frame-reader.ts';
import { type Part10, Part10Reader } from '../part10/read-part10.ts';
import { readLimits } from '../part10/source.ts';
import { swapped } from '../part10/swap-bytes.ts';
import { tags } from '../part10/tags.ts';
import { type DicomService, fileOf } from '../service.ts';
import { notFound } from './scope.ts';

export interface OpenFile extends Part10 {
  /** Places as the data set gives them. */
  readonly read: ReadRange;
  /** In little endian; undefined where there are none, or it is not known where they are. */
  readonly frames: FrameReader | undefined;
}

const firstBytes = 64 * 1024;
const nextBytes = 256 * 1024;
/** What a deflated file may inflate to. AHDS: 100 MB of any file that is not had as it is stored. */
const mostInflatedBytes = 100 * 1024 * 1024;

export async function openFile({ blobs }: DicomService, { version, length }: StoredInstance): Promise<OpenFile> {
  const read: ReadRange = async function* (range) {
    const part = await blobs.read(fileOf(version), range);
    if (!part) throw notFound();
    yield* part.content;
  };
  const reader = new Part10Reader({ ...readLimits, inflatedBytes: mostInflatedBytes });
  for (let at = 0; at < length; ) {
    const range = { offset: at, length: Math.min(at === 0 ? firstBytes : nextBytes, length - at) };
    for await (const chunk of read(range)) await reader.push(chunk);
    at += range.length;
    const passed = Math.min(reader.passing, length - at);
    reader.pass(passed);
    at += passed;
  }
  const file = await reader.end();
  const readBody = file.syntax.deflated ? fromInflated(read, file.headBytes, length) : read;
  return { ...file, read: readBody, frames: framesOf(file, readBody) };
}

function framesOf({ syntax, dataSet, pixelData }: Part10, read: ReadRange): FrameReader | undefined {
  const index = frameIndex(dataSet, pixelData);
  if (!index || index.kind === 'fragments' || syntax.littleEndian || !pixelData)
    return index && frameReader(index, read);
  const vr = dataSet.elements.get(pixelData.tag)?.vr ?? 'OW';
  const unit = wordBytes(vr, numberOf(dataSet, tags.bitsAllocated));
  return frameReader(index, inLittleEndian(read, index.offset, unit));
}

/** Words of pixel data in big endian: OB has bytes, OW words of 16 bits, larger samples are words of their own. */
export function wordBytes(vr: string, bitsAllocated: number): number {
  if (vr === 'OB') return 1;
  return Math.max(2, bitsAllocated / 8);
}

/** Reads whole words, swaps them and leaves out what was not asked for. */
function inLittleEndian(read: ReadRange, start: number, unit: number): ReadRange {
  return async function* ({ offset, length }: ByteRange) {
    const before = (offset - start) % unit;
    const bytes = before + length;
    const after = (unit - (bytes % unit)) % unit;
    const words = await whole(read({ offset: offset - before, length: bytes + after }));
    yield swapped(words, unit).subarray(before, bytes);
  };
}

/** Inflates the data set when it is first asked for, and keeps it. */
function fromInflated(read: ReadRange, headBytes: number, fileBytes: number): ReadRange {
  let inflated: Promise<Uint8Array> | undefined;
  return async function* ({ offset, length }) {
    inflated ??= inflate(read({ offset: headBytes, length: fileBytes - headBytes }));
    yield (await inflated).subarray(offset, offset + length);
  };
}

async function inflate(deflated: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const stream = createInflateRaw();
  const input = (async () => {
    for await (const chunk of deflated) {
      if (stream.destroyed) return;
      if (!stream.write(chunk))
        await new Promise<void>((resolve) => void stream.once('drain', resolve).once('close', resolve));
    }
    stream.end();
  })();
  let total = 0;
  const limited = async function* () {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      if (total > mostInflatedBytes) throw new CodecError(`The data set inflates to over ${mostInflatedBytes} bytes.`);
      yield chunk;
    }
  };
  const [bytes] = await Promise.all([whole(limited()), input]);
  return bytes;
}
