/**
 * For tests: a JPEG frame of grey samples of 12 bits, sequential DCT. Its Huffman codes are all of one length, so that a code
 * is the symbol's place. Source: ISO/IEC 10918-1, annexes A, B and F.
 */
export interface GreyPicture {
  readonly rows: number;
  readonly columns: number;
  readonly samples: Uint16Array;
}

export interface Encoding {
  /** What each coefficient is divided by, in the order of the zigzag. */
  readonly quantization: (at: number) => number;
  /** Blocks between restarts; 0: none. */
  readonly restartInterval?: number;
}

const dcSymbols = Array.from({ length: 16 }, (_, size) => size);
const acSymbols = [0x00, 0xf0, ...Array.from({ length: 240 }, (_, at) => ((at % 16) << 4) | (1 + Math.floor(at / 16)))];
const dcBits = 5;
const acBits = 8;

export function jpeg12BitFrame(picture: GreyPicture, { quantization, restartInterval = 0 }: Encoding): Buffer {
  const { rows, columns } = picture;
  const divisors = Array.from({ length: 64 }, (_, at) => quantization(at));
  const scan: Buffer[] = [];
  let bits = new BitWriter();
  let [dc, count] = [0, 0];
  for (let top = 0; top < rows; top += 8) {
    for (let left = 0; left < columns; left += 8, count += 1) {
      if (restartInterval > 0 && count > 0 && count % restartInterval === 0) {
        scan.push(bits.end(), Buffer.from([0xff, 0xd0 + ((count / restartInterval - 1) % 8)]));
        [bits, dc] = [new BitWriter(), 0];
      }
      const block = coefficients(picture, top, left).map((value, at) => Math.round(value / (divisors[at] ?? 1)));
      writeBlock(bits, block, dc);
      dc = block[0] ?? 0;
    }
  }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0x10, ...divisors.flatMap((divisor) => [divisor >> 8, divisor & 255])]),
    segment(0xc1, [12, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...counts(dcBits, dcSymbols), ...dcSymbols, 0x10, ...counts(acBits, acSymbols), ...acSymbols]),
    ...(restartInterval > 0 ? [segment(0xdd, [restartInterval >> 8, restartInterval & 255])] : []),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    ...scan,
    bits.end(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

function counts(length: number, symbols: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, at) => (at + 1 === length ? symbols.length : 0));
}

/** Places along the diagonals of a block. */
function zigzag(): [x: number, y: number][] {
  const places: [number, number][] = [];
  for (let diagonal = 0; diagonal < 15; diagonal += 1) {
    for (let step = 0; step <= diagonal; step += 1) {
      const [x, y] = diagonal % 2 === 1 ? [diagonal - step, step] : [step, diagonal - step];
      if (x < 8 && y < 8) places.push([x, y]);
    }
  }
  return places;
}

/** Samples behind the edges are those of the edges. */
function coefficients({ rows, columns, samples }: GreyPicture, top: number, left: number): number[] {
  const sample = (x: number, y: number) =>
    (samples[Math.min(rows - 1, top + y) * columns + Math.min(columns - 1, left + x)] ?? 0) - 2048;
  return zigzag().map(([u, v]) => {
    let sum = 0;
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 8; x += 1) {
        sum += sample(x, y) * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
      }
    }
    return (sum / 4) * (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
  });
}

function writeBlock(bits: BitWriter, block: readonly number[], before: number): void {
  const [first = 0, ...others] = block;
  bits.write(dcSymbols.indexOf(sizeOf(first - before)), dcBits);
  bits.number(first - before);
  let zeros = 0;
  const last = others.findLastIndex((value) => value !== 0);
  for (const value of others.slice(0, last + 1)) {
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.write(acSymbols.indexOf(0xf0), acBits);
    bits.write(acSymbols.indexOf((zeros << 4) | sizeOf(value)), acBits);
    bits.number(value);
    zeros = 0;
  }
  if (last + 1 < others.length) bits.write(acSymbols.indexOf(0), acBits);
}

function sizeOf(value: number): number {
  return value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
}

class BitWriter {
  #text = '';

  write(value: number, bits: number): void {
    this.#text += value.toString(2).padStart(bits, '0');
  }

  /** Negative ones less one, without their sign. */
  number(value: number): void {
    const size = sizeOf(value);
    if (size > 0) this.write(value > 0 ? value : value + 2 ** size - 1, size);
  }

  /** Filled with ones; a zero follows each 0xFF. */
  end(): Buffer {
    const text = this.#text.padEnd(Math.ceil(this.#text.length / 8) * 8, '1');
    const bytes = (text.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
    return Buffer.from(bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte])));
  }
}
