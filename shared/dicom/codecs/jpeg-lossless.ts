/**
 * JPEG lossless (process 14): Huffman codes of differences from the neighbours. Source: ISO/IEC 10918-1, annex H and F.2.2.
 * `jpeg-lossless-decoder-js` decodes 3 samples of Microsoft's own test file wrongly.
 */
import { CodecError } from './codec-error.ts';
import { checkedHeader } from './frame-header.ts';
import { type HuffmanTable, huffmanTables } from './huffman-table.ts';
import type { ImageFormat } from './image-format.ts';
import { JpegBits } from './jpeg-bits.ts';
import { markers, segmentAt } from './jpeg-segment.ts';
import { sampleBytes } from './samples.ts';

interface Scan {
  /** Which of the frame's components, with the table of each. */
  readonly components: readonly { readonly index: number; readonly table: HuffmanTable }[];
  readonly predictor: number;
  readonly pointTransform: number;
  /** Pixels between restarts; 0: none. */
  readonly restartInterval: number;
}

export function decodeJpegLossless(frame: Uint8Array, format: ImageFormat): Uint8Array {
  const { precision } = checkedHeader(frame, format);
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    return sampleBytes(samplesIn(bytes, precision, format), { precision, signed: false }, format);
  } catch (error) {
    if (error instanceof RangeError) throw new CodecError('The JPEG frame ends before its picture does.');
    throw error;
  }
}

function samplesIn(bytes: Buffer, precision: number, { rows, columns, samples }: ImageFormat): Uint16Array {
  if (precision < 2 || precision > 16) throw new CodecError(`JPEG lossless with ${precision} bits is not decoded.`);
  const picture = new Uint16Array(rows * columns * samples);
  const tables = new Map<number, HuffmanTable>();
  let componentIds: number[] = [];
  let restartInterval = 0;
  let missing = samples;
  for (let at = 2; missing > 0; ) {
    const { marker, content, end } = segmentAt(bytes, at);
    at = end;
    if (marker === markers.huffman) for (const [key, table] of huffmanTables(content)) tables.set(key, table);
    if (marker === markers.restart) restartInterval = content.readUInt16BE(0);
    if (marker === markers.lossless) componentIds = idsOf(content);
    if (marker !== markers.scan) continue;
    const scan = { ...scanOf(content, componentIds, tables), restartInterval };
    const bits = new JpegBits(bytes, at);
    decodeScan(bits, scan, picture, { rows, columns, samples, precision });
    missing -= scan.components.length;
    at = bits.markerAt();
  }
  return picture;
}

function idsOf(segment: Buffer): number[] {
  return Array.from({ length: segment.readUInt8(5) }, (_, at) => {
    if (segment.readUInt8(7 + at * 3) !== 0x11) throw new CodecError('Lossless JPEG with subsampling is not decoded.');
    return segment.readUInt8(6 + at * 3);
  });
}

function scanOf(segment: Buffer, ids: readonly number[], tables: ReadonlyMap<number, HuffmanTable>) {
  const count = segment.readUInt8(0);
  const components = Array.from({ length: count }, (_, at) => {
    const index = ids.indexOf(segment.readUInt8(1 + at * 2));
    const table = tables.get(segment.readUInt8(2 + at * 2) >> 4);
    if (index < 0 || !table) throw new CodecError('A scan of the JPEG frame names what is not there.');
    return { index, table };
  });
  const predictor = segment.readUInt8(1 + count * 2);
  const pointTransform = segment.readUInt8(3 + count * 2) & 15;
  if (count === 0 || predictor < 1 || predictor > 7) throw new CodecError('A scan of the JPEG frame is not lossless.');
  return { components, predictor, pointTransform };
}

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly precision: number;
}

function decodeScan(
  bits: JpegBits,
  scan: Scan,
  picture: Uint16Array,
  { rows, columns, samples, precision }: Size,
): void {
  const { components, predictor, pointTransform, restartInterval } = scan;
  const middle = 1 << (precision - pointTransform - 1);
  const row = columns * samples;
  /** The first line behind a restart knows none above it. */
  let firstLine = 0;
  let untilRestart = restartInterval;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (restartInterval > 0 && untilRestart === 0) {
        bits.restart();
        if (x !== 0) throw new CodecError('The JPEG frame restarts within a line.');
        firstLine = y;
        untilRestart = restartInterval;
      }
      untilRestart -= 1;
      for (const { index, table } of components) {
        const at = y * row + x * samples + index;
        const left = x === 0 ? 0 : (picture[at - samples] ?? 0) >> pointTransform;
        const above = y === firstLine ? 0 : (picture[at - row] ?? 0) >> pointTransform;
        const corner = x === 0 || y === firstLine ? 0 : (picture[at - row - samples] ?? 0) >> pointTransform;
        let expected: number;
        if (y === firstLine) expected = x === 0 ? middle : left;
        else expected = x === 0 ? above : prediction(predictor, left, above, corner);
        picture[at] = ((expected + difference(bits, table)) & 0xffff) << pointTransform;
      }
    }
  }
}

function prediction(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}

function difference(bits: JpegBits, table: HuffmanTable): number {
  const size = bits.symbol(table);
  if (size === 0) return 0;
  if (size === 16) return 32768;
  if (size > 16) throw new CodecError('The JPEG frame has a difference of more than 16 bits.');
  return bits.signed(size);
}
