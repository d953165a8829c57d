/**
 * The port for large bytes: DICOM files, export files. A blob is written once, whole, and never changed.
 * The contract that every adapter must meet is in `blob-store.contract.ts`.
 */

export interface BlobProperties {
  readonly name: string;
  readonly length: number;
  /** Milliseconds since 1970. */
  readonly written: number;
}

/** Bytes `offset` to `offset + length`, exclusive; what lies behind the end is left out. */
export interface BlobRange {
  readonly offset: number;
  readonly length: number;
}

export interface BlobContent extends BlobProperties {
  /** The bytes asked for, as they are read. To be iterated, if only to stop at once: that lets go of the blob. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Names have 1 to 200 characters, letters, digits and `-._/`; no segment is empty, `.` or `..`. */
export interface BlobStore {
  /**
   * Writes a new blob; durable and whole once it answers. When `content` throws, or the process dies, nothing is there.
   * Rejects with `BlobExists` when the name is taken; nothing of `content` need be read then.
   */
  write(name: string, content: AsyncIterable<Uint8Array>): Promise<BlobProperties>;
  /** Undefined when there is no such blob. */
  read(name: string, range?: BlobRange): Promise<BlobContent | undefined>;
  properties(name: string): Promise<BlobProperties | undefined>;
  /** False when there was none. A read under way goes on. */
  remove(name: string): Promise<boolean>;
  /** Names that begin with `prefix`, in the order of their characters, behind `after`. */
  list(prefix: string, limit: number, after?: string): Promise<readonly string[]>;
  /** Resolves when the store can be written. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export class BlobExists extends Error {
  constructor() {
    super('A blob of this name is there already.');
    this.name = 'BlobExists';
  }
}

const namePattern = /^(?!.*(^|\/)\.{0,2}(\/|$))[A-Za-z0-9._/-]{1,200}$/;

/** Throws RangeError for a name that the port does not allow. */
export function checkBlobName(name: string): void {
  if (!namePattern.test(name)) throw new RangeError('A blob name has 1 to 200 letters, digits and the characters -._/');
}
