/** What a parser reads with: steps that keep count of the position and of the memory that the file has been given. */

import type { Parsing } from './parsing.ts';
import { Part10Error } from './part10-error.ts';

export interface ReadLimits {
  /** Bytes of all values that are held. */
  readonly heldBytes: number;
  readonly elements: number;
  /** Sequences inside sequences. */
  readonly depth: number;
  /** Fragments of encapsulated pixel data. */
  readonly fragments: number;
  /** What a deflated file may inflate to, held or passed over. */
  readonly inflatedBytes: number;
  /** A binary value longer than this is passed over, and its place noted. */
  readonly bulkBytes: number;
}

export const readLimits: ReadLimits = {
  heldBytes: 64 * 1024 * 1024,
  elements: 1_000_000,
  depth: 64,
  fragments: 1_000_000,
  inflatedBytes: 4 * 1024 * 1024 * 1024,
  bulkBytes: 64 * 1024,
};

export class Source {
  readonly limits: ReadLimits;
  /** Bytes read or passed over so far. */
  position = 0;
  #held = 0;
  #elements = 0;

  constructor(limits: ReadLimits) {
    this.limits = limits;
  }

  *take(length: number): Parsing<Buffer> {
    const bytes = yield { take: length };
    this.position += length;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  *peek(length: number): Parsing<Buffer> {
    const bytes = yield { peek: length };
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  *skip(length: number): Parsing<void> {
    if (length > 0) yield { skip: length };
    this.position += length;
  }

  *hasMore(): Parsing<boolean> {
    return (yield { more: true }).length > 0;
  }

  /** A value to keep. */
  *hold(length: number): Parsing<Buffer> {
    this.#held += length;
    if (this.#held > this.limits.heldBytes) {
      throw new Part10Error(`The data set without its pixel data has more than ${this.limits.heldBytes} bytes.`);
    }
    return length === 0 ? Buffer.alloc(0) : yield* this.take(length);
  }

  countElement(): void {
    this.#elements += 1;
    if (this.#elements > this.limits.elements) {
      throw new Part10Error(`The data set has more than ${this.limits.elements} elements.`);
    }
  }
}
