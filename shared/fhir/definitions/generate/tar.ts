/** Reads the files of a tar stream one after the other. Source: POSIX.1-1988 ustar, of which npm packages are made. */

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;
const regularFiles = ['0', '\0'];

/** Yields the regular files whose name `wanted` accepts; the others are passed over as the stream goes by. */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  wanted: (name: string) => boolean,
): AsyncGenerator<TarFile> {
  let pending: Uint8Array[] = [];
  let held = 0;
  let file: { name: string; size: number; padded: number; keep: boolean } | undefined;
  for await (const chunk of chunks) {
    pending.push(chunk);
    held += chunk.length;
    for (let needed = file?.padded ?? blockSize; held >= needed; needed = file?.padded ?? blockSize) {
      const all = pending.length === 1 ? (pending[0] as Uint8Array) : Buffer.concat(pending);
      const part = all.subarray(0, needed);
      pending = [all.subarray(needed)];
      held -= needed;
      if (file === undefined) {
        file = readHeader(part, wanted);
      } else {
        if (file.keep) yield { name: file.name, bytes: part.subarray(0, file.size) };
        file = undefined;
      }
    }
  }
}

function readHeader(block: Uint8Array, wanted: (name: string) => boolean) {
  const text = Buffer.from(block.buffer, block.byteOffset, blockSize).toString('latin1');
  const field = (start: number, length: number): string => text.slice(start, start + length).replace(/\0.*$/s, '');
  const prefix = field(345, 155);
  const name = prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`;
  if (name === '') return undefined;
  const size = Number.parseInt(field(124, 12).trim(), 8);
  const padded = Math.ceil(size / blockSize) * blockSize;
  return { name, size, padded, keep: regularFiles.includes(text.charAt(156)) && wanted(name) };
}
