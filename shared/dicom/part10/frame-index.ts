/** Where in the file each frame is. Source: DICOM PS3.5, 8.1.1 (native), A.4 (encapsulated); PS3.3, C.7.6.3.1.8. */
import type { DataSet, Tag } from './data-set.ts';
import type { Encapsulated, Fragment } from './encapsulated.ts';
import type { PixelData } from './read-data-set.ts';
import { tags } from './tags.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export type FrameIndex =
  /** Frame n is the bits from `frameBits * n` on; usually whole bytes. */
  | { readonly kind: 'native'; readonly offset: number; readonly frameBits: number; readonly count: number }
  /** Frame n is the bytes of its fragments, put together. */
  | { readonly kind: 'fragments'; readonly frames: readonly (readonly ByteRange[])[] };

/** Undefined when there is no pixel data, or when it cannot be told which bytes are which frame. */
export function frameIndex(dataSet: DataSet, pixelData: PixelData | undefined): FrameIndex | undefined {
  if (!pixelData) return undefined;
  const count = Number(text(dataSet, tags.numberOfFrames) || '1');
  if (!Number.isInteger(count) || count < 1) return undefined;
  if (pixelData.kind === 'native') return nativeFrames(dataSet, pixelData, count);
  const frames = fragmentsByFrame(pixelData, count, extendedOffsets(dataSet));
  return frames && { kind: 'fragments', frames };
}

function nativeFrames(
  dataSet: DataSet,
  { tag, offset, length }: PixelData & { readonly kind: 'native' },
  count: number,
): FrameIndex | undefined {
  const size = uint16(dataSet, tags.rows) * uint16(dataSet, tags.columns);
  // Two pixels of YBR_FULL_422 share their two colour samples.
  const subsampled = text(dataSet, tags.photometricInterpretation) === 'YBR_FULL_422';
  const samples = subsampled ? 2 : uint16(dataSet, tags.samplesPerPixel) || 1;
  const frameBits = size * samples * bitsPerSample(dataSet, tag);
  if (frameBits === 0 || Math.ceil((frameBits * count) / 8) > length) return undefined;
  return { kind: 'native', offset, frameBits, count };
}

function bitsPerSample(dataSet: DataSet, tag: Tag): number {
  if (tag === tags.floatPixelData) return 32;
  return tag === tags.doubleFloatPixelData ? 64 : uint16(dataSet, tags.bitsAllocated);
}

function fragmentsByFrame(
  { fragments, offsetTable }: Encapsulated,
  count: number,
  extended: readonly number[],
): ByteRange[][] | undefined {
  if (count === 1) return fragments.length === 0 ? undefined : [fragments.map(range)];
  if (fragments.length === count) return fragments.map((fragment) => [range(fragment)]);
  const table = [extended, offsetTable].find((offsets) => offsets.length === count);
  const first = fragments[0]?.offset ?? 0;
  const starts = table
    ? new Set(table.map((offset) => first + offset))
    : new Set(fragments.filter(startsPicture).map(({ offset }) => offset));
  if (starts.size !== count) return undefined;
  const frames: ByteRange[][] = [];
  for (const fragment of fragments) {
    if (starts.has(fragment.offset)) frames.push([]);
    frames.at(-1)?.push(range(fragment));
  }
  return frames.length === count ? frames : undefined;
}

/** JPEG and JPEG-LS begin with SOI and a marker, JPEG 2000 with SOC and SIZ. */
function startsPicture({ start }: Fragment): boolean {
  return start >>> 8 === 0xffd8ff || start === 0xff4fff51;
}

function range({ offset, length }: Fragment): ByteRange {
  return { offset, length };
}

/** 64-bit offsets, counted as those of the basic table are. */
function extendedOffsets(dataSet: DataSet): number[] {
  const table = dataSet.elements.get(tags.extendedOffsetTable)?.value ?? new Uint8Array(0);
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, at) => Number(bytes.readBigUInt64LE(at * 8)));
}

function uint16(dataSet: DataSet, tag: Tag): number {
  const value = dataSet.elements.get(tag)?.value;
  if (!value || value.length < 2) return 0;
  const [one = 0, other = 0] = value;
  return dataSet.littleEndian ? one + other * 256 : one * 256 + other;
}

function text(dataSet: DataSet, tag: Tag): string {
  const value = dataSet.elements.get(tag)?.value ?? new Uint8Array(0);
  return (
    Buffer.from(value)
      .toString('latin1')
      .split('\\')[0]
      ?.replace(/[\0 ]+$/, '')
      .trim() ?? ''
  );
}
