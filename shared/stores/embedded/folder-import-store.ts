/** Files to be imported in a folder: `import-container`, and `error-container` for what could not be. */
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportStore } from '../imports/import-store.ts';

/** A file that was changed just now may still be on its way into the folder. */
const settledMs = 2000;

export class FolderImportStore implements ImportStore {
  readonly #incoming: string;
  readonly #errors: string;

  private constructor(folder: string) {
    this.#incoming = path.join(folder, 'import-container');
    this.#errors = path.join(folder, 'error-container');
  }

  /** The folders are made, so that one can see where to drop. */
  static async open(folder: string): Promise<FolderImportStore> {
    const store = new FolderImportStore(folder);
    await mkdir(store.#incoming, { recursive: true });
    await mkdir(store.#errors, { recursive: true });
    return store;
  }

  async list(limit: number): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const entry of await opendir(this.#incoming, { recursive: true })) {
      // Links are not followed: they may lead anywhere.
      if (!entry.isFile() || !/\.dcm$/i.test(entry.name)) continue;
      const place = path.join(entry.parentPath, entry.name);
      const found = await stat(place).catch(() => undefined);
      if (!found || Date.now() - found.mtimeMs < settledMs) continue;
      names.push(path.relative(this.#incoming, place));
      if (names.length >= limit) break;
    }
    return names;
  }

  async read(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const file = await open(this.#placeIn(this.#incoming, name), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    return file && createReadStream('', { fd: file, highWaterMark: 256 * 1024 });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#placeIn(this.#incoming, name), { force: true });
  }

  async reject(name: string, reason: string): Promise<void> {
    const place = this.#placeIn(this.#errors, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(`${place}.json`, reason, { flush: true });
    await rename(this.#placeIn(this.#incoming, name), place);
  }

  #placeIn(folder: string, name: string): string {
    const place = path.join(folder, name);
    if (!place.startsWith(folder + path.sep)) throw new RangeError('This is no name of a file to import.');
    return place;
  }
}
