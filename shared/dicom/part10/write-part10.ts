/**
 * Writes a file that was read in another transfer syntax: explicit VR, little endian, whatever pixel data it is given, every
 * other element as it came. Source: DICOM PS3.10, 7.1; PS3.5, 7.1.2, 7.5 and A.4.
 */
import type { DataElement, DataSet, Tag } from './data-set.ts';
import { explicitHeader, itemBytes, itemHeader, padded } from './element-bytes.ts';
import { undefinedLength } from './element-header.ts';
import type { ReadRange } from './frame-reader.ts';
import type { Part10 } from './read-part10.ts';
import { swapped, swappedChunks, wordBytesOf } from './swap-bytes.ts';
import { tags } from './tags.ts';

export interface NewPixelData {
  readonly vr: string;
  /** Of native pixel data, without padding; undefined: the content is items. */
  readonly length: number | undefined;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface Rewriting {
  readonly file: Part10 & { readonly read: ReadRange };
  readonly transferSyntax: string;
  /** Elements of the top level that take the place of those with their tags. */
  readonly replaced: readonly DataElement[];
  /** Undefined: as in the file, in little endian. */
  readonly pixels: NewPixelData | undefined;
}

const preamble = Buffer.alloc(128);

export async function* writePart10({ file, transferSyntax, replaced, pixels }: Rewriting): AsyncGenerator<Uint8Array> {
  yield head(file.meta, transferSyntax);
  const elements = new Map([...file.dataSet.elements, ...replaced.map((one) => [one.tag, one] as const)]);
  if (pixels) for (const tag of offsetTables) elements.delete(tag);
  for (const element of inOrder(elements)) {
    if (pixels && element.tag === file.pixelData?.tag) yield* pixelElement(element.tag, pixels);
    else yield* elementChunks(element, file.dataSet.littleEndian, file.read);
  }
}

const offsetTables = [tags.extendedOffsetTable, tags.extendedOffsetTableLengths];

function head(meta: DataSet, transferSyntax: string): Buffer {
  const value = padded(Buffer.from(transferSyntax, 'latin1'), 'UI');
  const elements = new Map(meta.elements).set(tags.transferSyntax, { tag: tags.transferSyntax, vr: 'UI', value });
  const group = Buffer.concat(
    inOrder(elements).flatMap(({ tag, vr, value: bytes = preamble.subarray(0, 0) }) => shortElement(tag, vr, bytes)),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([preamble, Buffer.from('DICM'), ...shortElement(tags.fileMetaGroupLength, 'UL', length), group]);
}

function shortElement(tag: Tag, vr: string, value: Uint8Array): Uint8Array[] {
  const bytes = padded(value, vr);
  return [explicitHeader(tag, vr, bytes.length), bytes];
}

/** Group lengths are retired, and those of the file no longer true. */
function inOrder(elements: ReadonlyMap<Tag, DataElement>): DataElement[] {
  return [...elements.values()].filter(({ tag }) => (tag & 0xffff) !== 0).sort((one, other) => one.tag - other.tag);
}

async function* elementChunks(
  element: DataElement,
  littleEndian: boolean,
  read: ReadRange,
): AsyncGenerator<Uint8Array> {
  const { tag, vr, value, items, bulk } = element;
  if (items) {
    yield explicitHeader(tag, 'SQ', undefinedLength);
    for (const item of items) yield* itemChunks(item, read);
    yield itemHeader(tags.sequenceDelimitation, 0);
  } else if (bulk) {
    const unit = littleEndian || bulk.encapsulated ? 1 : wordBytesOf(vr);
    const content = swappedChunks(read(bulk), unit);
    yield* pixelElement(tag, { vr, length: bulk.encapsulated ? undefined : bulk.length, content });
  } else {
    const bytes = value ?? preamble.subarray(0, 0);
    yield* shortElement(tag, vr, littleEndian ? bytes : swapped(bytes, wordBytesOf(vr)));
  }
}

async function* itemChunks({ elements, littleEndian }: DataSet, read: ReadRange): AsyncGenerator<Uint8Array> {
  yield itemHeader(tags.item, undefinedLength);
  for (const element of inOrder(elements)) yield* elementChunks(element, littleEndian, read);
  yield itemHeader(tags.itemDelimitation, 0);
}

async function* pixelElement(tag: Tag, { vr, length, content }: NewPixelData): AsyncGenerator<Uint8Array> {
  if (length === undefined) {
    yield explicitHeader(tag, vr, undefinedLength);
    yield* content;
    yield itemHeader(tags.sequenceDelimitation, 0);
    return;
  }
  yield explicitHeader(tag, vr, length + (length % 2));
  yield* content;
  if (length % 2 === 1) yield preamble.subarray(0, 1);
}

/** Encapsulated pixel data with one fragment for each frame, and an empty offset table. */
export async function* fragments(frames: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield itemHeader(tags.item, 0);
  for await (const frame of frames) yield itemBytes(frame);
}
