/** Whether two files have the same bytes behind the preamble, which the service may have written zeros over. */
const preambleBytes = 128;

export async function isSameFile(one: AsyncIterable<Uint8Array>, other: AsyncIterable<Uint8Array>): Promise<boolean> {
  const [left, right] = [new Bytes(one), new Bytes(other)];
  try {
    for (let at = 0; ; ) {
      const length = Math.min(await left.available(), await right.available());
      if (length === 0) return (await left.available()) === (await right.available());
      const [here, there] = [left.take(length), right.take(length)];
      const from = Math.min(Math.max(preambleBytes - at, 0), length);
      if (!here.subarray(from).equals(there.subarray(from))) return false;
      at += length;
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

/** A stream whose chunks are cut as they are wanted. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes can be taken; 0 at the end. */
  async available(): Promise<number> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return 0;
      this.#chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    return this.#chunk.length;
  }

  take(length: number): Buffer {
    const taken = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    return taken;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
