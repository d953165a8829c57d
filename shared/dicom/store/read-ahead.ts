/** A stream whose beginning is read while something else is waited for: a small file is there whole by then. */
const aheadBytes = 512 * 1024;

export class ReadAhead {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #beginning: Promise<readonly Uint8Array[]>;
  #isDone = false;

  /** Begins to read at once. `content()` must be iterated, if only to let go of the source. */
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#beginning = this.#read();
    // Whoever iterates `content()` gets it.
    this.#beginning.catch(() => {});
  }

  /** Resolves when the beginning is there: whether that is all. What breaks off is not. */
  async isWhole(): Promise<boolean> {
    return this.#beginning.then(
      () => this.#isDone,
      () => false,
    );
  }

  /** All of it, once. */
  async *content(): AsyncGenerator<Uint8Array> {
    try {
      yield* await this.#beginning;
      while (!this.#isDone) {
        const { done, value } = await this.#chunks.next();
        if (done) this.#isDone = true;
        else yield value;
      }
    } finally {
      if (!this.#isDone) await this.#chunks.return?.();
    }
  }

  async #read(): Promise<readonly Uint8Array[]> {
    const read: Uint8Array[] = [];
    for (let bytes = 0; bytes < aheadBytes; ) {
      const { done, value } = await this.#chunks.next();
      if (done) {
        this.#isDone = true;
        break;
      }
      read.push(value);
      bytes += value.length;
    }
    return read;
  }
}
