/** Huffman tables of JPEG. Source: ISO/IEC 10918-1, annex C and B.2.4.2. */
import { CodecError } from './codec-error.ts';

/** By the next 16 bits: the symbol, and in the high byte the length of its code; 0 where there is none. */
export type HuffmanTable = Uint16Array;

/** Tables of a DHT segment, by class and number: 0x00 is the first of class 0, 0x10 the first of class 1. */
export function huffmanTables(segment: Buffer): [number, HuffmanTable][] {
  const tables: [number, HuffmanTable][] = [];
  for (let at = 0; at < segment.length; ) {
    const key = segment.readUInt8(at);
    const counts = segment.subarray(at + 1, at + 17);
    const count = counts.reduce((sum, one) => sum + one, 0);
    const symbols = segment.subarray(at + 17, at + 17 + count);
    if (counts.length < 16 || symbols.length < count)
      throw new CodecError('A Huffman table of the JPEG frame is cut off.');
    tables.push([key, table(counts, symbols)]);
    at += 17 + count;
  }
  return tables;
}

function table(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const made = new Uint16Array(65536);
  let code = 0;
  let next = 0;
  for (const [at, count] of counts.entries()) {
    const length = at + 1;
    for (let one = 0; one < count; one += 1, code += 1, next += 1) {
      const from = code << (16 - length);
      if (from >= 65536) throw new CodecError('A Huffman table of the JPEG frame has too many codes.');
      made.fill((length << 8) | (symbols[next] ?? 0), from, from + (1 << (16 - length)));
    }
    code <<= 1;
  }
  return made;
}
