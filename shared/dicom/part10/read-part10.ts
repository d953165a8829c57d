/**
 * Reads a DICOM file while it streams by. What stays is everything but pixel data and long binary values, of which only
 * the places are kept. Source: DICOM PS3.10, 7.1 (preamble, prefix, file meta information).
 */
import type { Transform } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { DataElement, DataSet, Tag } from './data-set.ts';
import { type Encoding, readHeader, tagAt } from './element-header.ts';
import { Feed, type Parsing } from './parsing.ts';
import { Part10Error } from './part10-error.ts';
import { type ReadDataSet, readDataSet } from './read-data-set.ts';
import { type ReadLimits, readLimits, Source } from './source.ts';
import { tags } from './tags.ts';
import { type TransferSyntax, transferSyntax } from './transfer-syntax.ts';

/** Places are counted from the start of the file; in a deflated one from the start of what is inflated. */
export interface Part10 extends ReadDataSet {
  readonly syntax: TransferSyntax;
  /** Group 0002. */
  readonly meta: DataSet;
  /** Where the data set, deflated or not, begins in the file. */
  readonly headBytes: number;
}

interface Head {
  readonly syntax: TransferSyntax;
  readonly meta: DataSet;
  /** Where the data set begins. */
  readonly headBytes: number;
}

const explicitLittle: Encoding = { explicitVr: true, littleEndian: true };
const preambleBytes = 128;

/** Give it the file chunk by chunk, waiting for each, then ask for the result. Every fault is a `Part10Error`. */
export class Part10Reader {
  readonly #limits: ReadLimits;
  readonly #source: Source;
  readonly #head: Feed<Head>;
  #body: Feed<ReadDataSet> | undefined;
  #inflate: Inflating | undefined;

  constructor(limits: ReadLimits = readLimits) {
    this.#limits = limits;
    this.#source = new Source(limits);
    this.#head = new Feed(readHead(this.#source));
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#inflate) return this.#inflate.push(chunk);
    if (this.#body) return this.#body.push(chunk);
    this.#head.push(chunk);
    if (!this.#head.isDone) return;
    const { syntax } = this.#head.end();
    const source = syntax.deflated ? new Source(this.#limits) : this.#source;
    const body = new Feed(readDataSet(source, syntax));
    this.#body = body;
    if (syntax.deflated) this.#inflate = new Inflating(this.#limits.inflatedBytes, (bytes) => body.push(bytes));
    for (const rest of this.#head.rest()) await this.push(rest);
  }

  /** How many of the next bytes are pixel data or the like, which need not be pushed but can be left out with `pass`. */
  get passing(): number {
    return this.#inflate ? 0 : (this.#body?.passing ?? 0);
  }

  pass(length: number): void {
    this.#body?.pass(length);
  }

  async end(): Promise<Part10> {
    const head = this.#head.end();
    if (!this.#body) throw new Part10Error('The file has no data set.');
    await this.#inflate?.end();
    return { ...head, ...this.#body.end() };
  }
}

/** A raw deflate stream whose output goes to `take`; `push` waits until its bytes are through. */
class Inflating {
  readonly #stream: Transform = createInflateRaw();
  #failure: unknown;

  constructor(most: number, take: (bytes: Uint8Array) => void) {
    let total = 0;
    this.#stream.on('data', (bytes: Uint8Array) => {
      total += bytes.length;
      try {
        if (total > most) throw new Part10Error(`The data set inflates to over ${most} bytes.`);
        if (!this.#failure) take(bytes);
      } catch (error) {
        this.#failure = error;
        this.#stream.destroy();
      }
    });
    this.#stream.on('error', () => {
      this.#failure ??= new Part10Error('The deflated data set cannot be inflated.');
    });
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (!this.#failure) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#stream.off('close', done);
          resolve();
        };
        this.#stream.once('close', done);
        this.#stream.write(chunk, done);
      });
    }
    if (this.#failure) throw this.#failure;
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.once('end', resolve);
      this.#stream.once('close', resolve);
      if (this.#failure) resolve();
      else this.#stream.end();
    });
    if (this.#failure) throw this.#failure;
  }
}

function* readHead(source: Source): Parsing<Head> {
  yield* source.skip(preambleBytes);
  const prefix = yield* source.take(4);
  if (prefix.toString('latin1') !== 'DICM')
    throw new Part10Error('The file is not DICOM Part 10: it has no DICM prefix.');
  const elements = new Map<Tag, DataElement>();
  let end: number | undefined;
  while (yield* source.hasMore()) {
    if (source.position === end && isDeflated(elements)) break;
    if (tagAt(yield* source.peek(4), explicitLittle) >>> 16 !== 0x0002) break;
    const { tag, vr, length } = yield* readHeader(source, explicitLittle);
    const value = yield* source.hold(length);
    elements.set(tag, { tag, vr, value });
    source.countElement();
    if (tag === tags.fileMetaGroupLength && value.length === 4) end = source.position + value.readUInt32LE(0);
  }
  const uid = transferSyntaxUid(elements);
  if (uid === '') throw new Part10Error('The file does not say its transfer syntax: (0002,0010) is missing.');
  return { syntax: transferSyntax(uid), meta: { littleEndian: true, elements }, headBytes: source.position };
}

/** Deflated bytes must not be looked at as a tag: there the group's length alone says where it ends. */
function isDeflated(elements: ReadonlyMap<Tag, DataElement>): boolean {
  return transferSyntax(transferSyntaxUid(elements)).deflated;
}

function transferSyntaxUid(elements: ReadonlyMap<Tag, DataElement>): string {
  const value = elements.get(tags.transferSyntax)?.value ?? Buffer.alloc(0);
  return Buffer.from(value)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');
}
