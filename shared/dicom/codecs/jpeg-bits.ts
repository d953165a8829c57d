/** The bits of a JPEG scan: a zero byte follows each 0xFF that is no marker. Source: ISO/IEC 10918-1, F.2.2.5. */
import { CodecError } from './codec-error.ts';
import type { HuffmanTable } from './huffman-table.ts';

export class JpegBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #buffer = 0;
  #count = 0;
  /** Zero bytes that were given behind the end. */
  #invented = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  symbol(table: HuffmanTable): number {
    this.#fill();
    const entry = table[(this.#buffer >>> (this.#count - 16)) & 0xffff] ?? 0;
    if (entry === 0) throw new CodecError('The JPEG frame has a code that no table has.');
    this.#count -= entry >> 8;
    return entry & 0xff;
  }

  /** `size` bits as JPEG writes a number: those that begin with 0 are negative. At most 16. */
  signed(size: number): number {
    this.#fill();
    this.#count -= size;
    const value = (this.#buffer >>> this.#count) & ((1 << size) - 1);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Goes on behind the next restart marker. */
  restart(): void {
    const at = this.markerAt();
    const marker = this.#bytes[at + 1] ?? 0;
    if (marker < 0xd0 || marker > 0xd7) throw new CodecError('The JPEG frame has no restart where one should be.');
    this.#at = at + 2;
    this.#buffer = 0;
    this.#count = 0;
    this.#invented = 0;
  }

  /** Where the next marker is. */
  markerAt(): number {
    let at = this.#at;
    while (at + 1 < this.#bytes.length && !(this.#bytes[at] === 0xff && (this.#bytes[at + 1] ?? 0) !== 0)) at += 1;
    return at;
  }

  /** At least 16 bits; behind the end of the scan they are zeros, of which no more than these are ever needed. */
  #fill(): void {
    while (this.#count < 16) {
      let byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.#invented += 1;
        if (this.#invented > 3) throw new CodecError('The JPEG frame ends before its picture does.');
        byte = 0;
      } else {
        this.#at += byte === 0xff ? 2 : 1;
      }
      this.#buffer = ((this.#buffer & 0xffff) << 8) | byte;
      this.#count += 8;
    }
  }
}
