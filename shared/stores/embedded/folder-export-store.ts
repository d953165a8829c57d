/** Exported files in a folder, under their names. */
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkExportName, type ExportStore } from '../exports/export-store.ts';
import { syncFolder } from './sync-folder.ts';

export class FolderExportStore implements ExportStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const place = this.#place(name);
    const folder = path.dirname(place);
    await mkdir(folder, { recursive: true });
    const partial = path.join(folder, `.${randomUUID()}.part`);
    try {
      const file = await open(partial, 'wx');
      try {
        for await (const chunk of content) await file.writeFile(chunk);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, place);
    } finally {
      await rm(partial, { force: true });
    }
    await syncFolder(folder);
  }

  read(name: string): AsyncIterable<Uint8Array> | undefined {
    const place = this.#place(name);
    return existsSync(place) ? createReadStream(place) : undefined;
  }

  async remove(name: string): Promise<void> {
    await rm(this.#place(name), { force: true });
  }

  #place(name: string): string {
    checkExportName(name);
    return path.join(this.#folder, ...name.split('/'));
  }
}
