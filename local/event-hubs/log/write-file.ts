/** A file that is written at its end and synced; a write that fails leaves nothing behind. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../../shared/stores/embedded/sync-folder.ts';

export class WriteFile {
  readonly #handle: FileHandle;
  /** A write has failed and its beginning may be in the file. */
  #torn = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Makes the file if there is none; its name is on the disk then. */
  static async open(file: string): Promise<WriteFile> {
    const handle = await open(file, 'r+').catch(() => open(file, 'w+'));
    await syncFolder(path.dirname(file));
    return new WriteFile(handle);
  }

  async write(buffers: readonly Buffer[], at: number): Promise<void> {
    if (this.#torn) await this.#handle.truncate(at);
    this.#torn = true;
    const bytes = buffers.length === 1 ? (buffers[0] as Buffer) : Buffer.concat(buffers);
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.length - written, at + written);
      written += bytesWritten;
    }
    await this.#handle.datasync();
    this.#torn = false;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Makes what is missing of the folder's path; the names are on the disk then. */
export async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made === undefined) return;
  const top = path.dirname(path.resolve(made));
  for (let each = path.dirname(path.resolve(folder)); each.length >= top.length; each = path.dirname(each)) {
    await syncFolder(each);
  }
}
