import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { FolderExportStore } from './folder-export-store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => folder.remove());

async function* bytes(text: string, breaks = false): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  if (breaks) throw new Error('broken off');
}

it('an exported file is there whole, replaced whole, or not at all', async () => {
  const store = new FolderExportStore(folder.path);
  const place = path.join(folder.path, 'a/b/1.2.dcm');
  await store.write('a/b/1.2.dcm', bytes('one'));
  await store.write('a/b/1.2.dcm', bytes('two'));
  await expect(store.write('a/b/1.2.dcm', bytes('three', true))).rejects.toThrow('broken off');
  expect(readFileSync(place, 'utf8')).toBe('two');
  expect(readdirSync(path.dirname(place))).toEqual(['1.2.dcm']);
  await store.remove('a/b/1.2.dcm');
  expect(store.read('a/b/1.2.dcm')).toBeUndefined();
  for (const name of ['', '../x', 'a//b', '/a', 'a/..', 'a b', 'a\\b']) {
    await expect(store.write(name, bytes('x'))).rejects.toThrow(RangeError);
  }
});
