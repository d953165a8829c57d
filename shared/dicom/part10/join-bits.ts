/** Frames of single bits that do not end with a byte: the next begins within it. Source: DICOM PS3.5, 8.1.1. */
export async function* joinedBits(frames: AsyncIterable<Uint8Array>, frameBits: number): AsyncGenerator<Uint8Array> {
  let rest = 0;
  let restBits = 0;
  for await (const frame of frames) {
    const bits = restBits + frameBits;
    const joined = new Uint8Array(Math.ceil(bits / 8));
    joined[0] = rest;
    for (const [at, byte] of frame.entries()) {
      joined[at] = (joined[at] ?? 0) | (byte << restBits);
      if (at + 1 < joined.length) joined[at + 1] = byte >> (8 - restBits);
    }
    const over = joined.length * 8 - bits;
    joined[joined.length - 1] = (joined.at(-1) ?? 0) & (0xff >> over);
    restBits = bits % 8;
    rest = restBits === 0 ? 0 : (joined.at(-1) ?? 0);
    yield joined.subarray(0, Math.floor(bits / 8));
  }
  if (restBits > 0) yield Uint8Array.of(rest);
}
