/**
 * JPEG with 12 bits a sample (process 4: sequential DCT, Huffman codes), of one component, as DICOM has it of grey images.
 * Source: ISO/IEC 10918-1, annexes A, B and F. libjpeg-turbo, as it is built for WebAssembly, has 8 bits only.
 */
import { CodecError } from './codec-error.ts';
import { checkedHeader } from './frame-header.ts';
import { type HuffmanTable, huffmanTables } from './huffman-table.ts';
import type { ImageFormat } from './image-format.ts';
import { blockSamples } from './inverse-dct.ts';
import { JpegBits } from './jpeg-bits.ts';
import { markers, segmentAt } from './jpeg-segment.ts';
import { sampleBytes } from './samples.ts';

const precision = 12;

export function decodeJpeg12Bit(frame: Uint8Array, format: ImageFormat): Uint8Array {
  if (checkedHeader(frame, format).samples !== 1) throw new CodecError('JPEG of colours with 12 bits is not decoded.');
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    return sampleBytes(samplesIn(bytes, format), { precision, signed: false }, format);
  } catch (error) {
    if (error instanceof RangeError) throw new CodecError('The JPEG frame ends before its picture does.');
    throw error;
  }
}

interface Tables {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  /** In the order of the zigzag. */
  readonly quantization: Uint16Array;
}

function samplesIn(bytes: Buffer, format: ImageFormat): Uint16Array {
  const huffman = new Map<number, HuffmanTable>();
  const quantizations = new Map<number, Uint16Array>();
  let quantization: number | undefined;
  let restartInterval = 0;
  for (let at = 2; ; ) {
    const { marker, content, end } = segmentAt(bytes, at);
    at = end;
    if (marker === markers.huffman) for (const [key, table] of huffmanTables(content)) huffman.set(key, table);
    if (marker === markers.quantization)
      for (const [key, table] of quantizationTables(content)) quantizations.set(key, table);
    if (marker === markers.restart) restartInterval = content.readUInt16BE(0);
    if (marker === markers.extendedSequential) quantization = content.readUInt8(8);
    if (marker !== markers.scan) continue;
    if (quantization === undefined) throw new CodecError('JPEG with 12 bits is decoded where it is sequential.');
    const numbers = content.readUInt8(2);
    const dc = huffman.get(numbers >> 4);
    const ac = huffman.get(0x10 | (numbers & 15));
    const table = quantizations.get(quantization);
    if (!dc || !ac || !table) throw new CodecError('A scan of the JPEG frame names what is not there.');
    return decodeScan(new JpegBits(bytes, at), { dc, ac, quantization: table }, restartInterval, format);
  }
}

/** Values of 8 or 16 bits. */
function quantizationTables(segment: Buffer): [number, Uint16Array][] {
  const tables: [number, Uint16Array][] = [];
  for (let at = 0; at < segment.length; ) {
    const key = segment.readUInt8(at);
    const bytes = key >> 4 === 0 ? 1 : 2;
    const first = at + 1;
    tables.push([
      key & 15,
      Uint16Array.from({ length: 64 }, (_, each) => segment.readUIntBE(first + each * bytes, bytes)),
    ]);
    at = first + 64 * bytes;
  }
  return tables;
}

function decodeScan(
  bits: JpegBits,
  tables: Tables,
  restartInterval: number,
  { rows, columns }: ImageFormat,
): Uint16Array {
  const picture = new Uint16Array(rows * columns);
  const coefficients = new Int32Array(64);
  let dc = 0;
  let untilRestart = restartInterval;
  for (let top = 0; top < rows; top += 8) {
    for (let left = 0; left < columns; left += 8) {
      if (restartInterval > 0 && untilRestart === 0) {
        bits.restart();
        dc = 0;
        untilRestart = restartInterval;
      }
      untilRestart -= 1;
      dc = readBlock(bits, tables, dc, coefficients);
      const samples = blockSamples(coefficients, precision);
      const [height, width] = [Math.min(8, rows - top), Math.min(8, columns - left)];
      for (let y = 0; y < height; y += 1) {
        picture.set(samples.subarray(y * 8, y * 8 + width), (top + y) * columns + left);
      }
    }
  }
  return picture;
}

/** Places of a block, row by row, in the order in which coefficients are written: along its diagonals. */
const zigzag = Uint8Array.from(
  Array.from({ length: 64 }, (_, at) => ({ at, diagonal: (at >> 3) + (at & 7) }))
    .sort((one, other) => {
      if (one.diagonal !== other.diagonal) return one.diagonal - other.diagonal;
      return one.diagonal % 2 === 1 ? one.at - other.at : other.at - one.at;
    })
    .map(({ at }) => at),
);

/** The coefficients of a block, multiplied by what they were divided by. `before`, and what it returns: the first, as it is written. */
function readBlock(bits: JpegBits, { dc, ac, quantization }: Tables, before: number, block: Int32Array): number {
  block.fill(0);
  const size = bits.symbol(dc);
  if (size > 15) throw new CodecError('The JPEG frame has a difference of more than 15 bits.');
  const first = before + (size === 0 ? 0 : bits.signed(size));
  block[0] = first * (quantization[0] ?? 0);
  for (let at = 1; at < 64; at += 1) {
    const symbol = bits.symbol(ac);
    const [zeros, length] = [symbol >> 4, symbol & 15];
    if (length === 0 && zeros !== 15) return first;
    at += zeros;
    if (at > 63) throw new CodecError('A block of the JPEG frame has more than 64 coefficients.');
    if (length > 0) block[zigzag[at] ?? 0] = bits.signed(length) * (quantization[at] ?? 0);
  }
  return first;
}
