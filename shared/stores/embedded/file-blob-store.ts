/**
 * The blob port on files. A blob is written beside its place, synced, and linked to its name, so that it is there whole or
 * not at all. Each name lies in one of 256 folders by its hash: a folder with a million files is slow.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import {
  type BlobContent,
  BlobExists,
  type BlobProperties,
  type BlobRange,
  type BlobStore,
  checkBlobName,
} from '../blobs/blob-store.ts';
import { syncFolder } from './sync-folder.ts';

const partialFolder = 'partial';
/** Bytes that are written at a time: a turn to the disk's threads costs as much as the copying of 100 KB. */
const gatherBytes = 512 * 1024;

export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #onClose: () => void;
  /** Folders that are known to be there, and on the disk. */
  readonly #made = new Set<string>();
  /** Second names of files, on their way out. */
  readonly #unlinking = new Set<Promise<void>>();

  private constructor(folder: string, onClose: () => void) {
    this.#folder = folder;
    this.#onClose = onClose;
  }

  /** `folder` is made when it is missing. What a process that died left half written is removed. */
  static async open(folder: string, onClose: () => void): Promise<FileBlobStore> {
    const partial = path.join(folder, partialFolder);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    return new FileBlobStore(folder, onClose);
  }

  async write(name: string, content: AsyncIterable<Uint8Array>): Promise<BlobProperties> {
    const place = this.#place(name);
    const partial = path.join(this.#folder, partialFolder, randomUUID());
    try {
      const length = await writeFile(partial, content);
      await this.#makeFolder(path.dirname(place));
      await link(partial, place).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? new BlobExists() : error;
      });
      await syncFolder(path.dirname(place));
      return { name, length, written: Date.now() };
    } finally {
      this.#unlinkPartial(partial);
    }
  }

  /** Nobody waits for it: what is left when the process dies is removed by the next one. */
  #unlinkPartial(partial: string): void {
    const unlinked = unlink(partial)
      .catch(() => {})
      .finally(() => this.#unlinking.delete(unlinked));
    this.#unlinking.add(unlinked);
  }

  async read(name: string, range?: BlobRange): Promise<BlobContent | undefined> {
    const handle = await openForReading(this.#place(name));
    if (!handle) return undefined;
    try {
      const { size, mtimeMs } = await handle.stat();
      return { name, length: size, written: mtimeMs, content: contentOf(handle, size, range) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async properties(name: string): Promise<BlobProperties | undefined> {
    const found = await stat(this.#place(name)).catch(absent);
    return found && { name, length: found.size, written: found.mtimeMs };
  }

  async remove(name: string): Promise<boolean> {
    const place = this.#place(name);
    const removed = await unlink(place).then(() => true, absent);
    if (removed) await syncFolder(path.dirname(place));
    return removed === true;
  }

  async list(prefix: string, limit: number, after = ''): Promise<readonly string[]> {
    const names: string[] = [];
    for (const shard of await readdir(this.#folder)) {
      if (shard === partialFolder) continue;
      for (const file of await readdir(path.join(this.#folder, shard))) names.push(nameOf(file));
    }
    return names
      .filter((name) => name.startsWith(prefix) && name > after)
      .sort((one, other) => (one < other ? -1 : 1))
      .slice(0, limit);
  }

  async check(): Promise<void> {
    const probe = path.join(this.#folder, partialFolder, randomUUID());
    await writeFile(probe, [new Uint8Array(1)]);
    await unlink(probe);
  }

  async close(): Promise<void> {
    await Promise.all(this.#unlinking);
    this.#onClose();
  }

  #place(name: string): string {
    checkBlobName(name);
    const shard = createHash('sha1').update(name).digest('hex').slice(0, 2);
    return path.join(this.#folder, shard, fileOf(name));
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    await syncFolder(this.#folder);
    this.#made.add(folder);
  }
}

/** A slash cannot be in a file's name; `+` is in no blob's. */
function fileOf(name: string): string {
  return name.replaceAll('/', '+');
}

function nameOf(file: string): string {
  return file.replaceAll('+', '/');
}

/** Writes and syncs a new file; its length in bytes. */
async function writeFile(file: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  const handle = await open(file, 'wx');
  try {
    let [length, gathered] = [0, 0];
    let chunks: Uint8Array[] = [];
    for await (const chunk of content) {
      chunks.push(chunk);
      gathered += chunk.length;
      length += chunk.length;
      if (gathered < gatherBytes) continue;
      await writeAll(handle, chunks);
      [chunks, gathered] = [[], 0];
    }
    await writeAll(handle, chunks);
    await handle.sync();
    return length;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks.filter(({ length }) => length > 0);
  while (left.length > 0) left = behind(left, (await handle.writev(left)).bytesWritten);
}

/** What of the chunks lies behind the first `count` bytes. */
function behind(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let passed = 0;
  return chunks.flatMap((chunk) => {
    const from = Math.min(Math.max(count - passed, 0), chunk.length);
    passed += chunk.length;
    return from === chunk.length ? [] : [chunk.subarray(from)];
  });
}

async function openForReading(file: string): Promise<FileHandle | undefined> {
  return open(file, 'r').catch(absent);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function* contentOf(handle: FileHandle, size: number, range?: BlobRange): AsyncGenerator<Uint8Array> {
  const start = Math.min(range?.offset ?? 0, size);
  const end = range ? Math.min(start + range.length, size) : size;
  try {
    if (start === end) return;
    yield* createReadStream('', { fd: handle, start, end: end - 1, autoClose: false, highWaterMark: 256 * 1024 });
  } finally {
    await handle.close();
  }
}
