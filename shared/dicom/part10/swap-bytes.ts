/** Big endian as little endian. Source: DICOM PS3.5, 7.3. */

/** Bytes of the words that the values of a VR are made of; 1 for text and bytes. */
export function wordBytesOf(vr: string): number {
  return words[vr] ?? 1;
}

const words: Readonly<Record<string, number>> = {
  AT: 2,
  OW: 2,
  SS: 2,
  US: 2,
  FL: 4,
  OF: 4,
  OL: 4,
  SL: 4,
  UL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

/** A copy whose words are turned around. Bytes behind the last whole word stay. */
export function swapped(bytes: Uint8Array, unit: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const whole = copy.subarray(0, copy.length - (copy.length % unit));
  if (unit === 2) whole.swap16();
  if (unit === 4) whole.swap32();
  if (unit === 8) whole.swap64();
  return copy;
}

/** As `swapped`, chunk by chunk. */
export async function* swappedChunks(chunks: AsyncIterable<Uint8Array>, unit: number): AsyncGenerator<Uint8Array> {
  if (unit === 1) return yield* chunks;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % unit);
    rest = Uint8Array.from(bytes.subarray(whole));
    yield swapped(bytes.subarray(0, whole), unit);
  }
  if (rest.length > 0) yield rest;
}
