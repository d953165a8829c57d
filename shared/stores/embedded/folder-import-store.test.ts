import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderImportStore } from './folder-import-store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('The folder of files to import', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let store: FolderImportStore;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = await FolderImportStore.open(folder.path);
  });
  afterEach(() => folder.remove());

  const place = (name: string) => path.join(folder.path, 'import-container', name);
  const drop = (name: string, secondsAgo = 10) => {
    mkdirSync(path.dirname(place(name)), { recursive: true });
    writeFileSync(place(name), name);
    const time = Date.now() / 1000 - secondsAgo;
    utimesSync(place(name), time, time);
  };

  it('lists what has come whole, in folders too, and nothing but .dcm files', async () => {
    for (const name of ['a.dcm', 'b/c.DCM', 'notes.txt']) drop(name);
    drop('coming.dcm', 0);
    symlinkSync('/etc/passwd', place('link.dcm'));
    expect((await store.list(10)).toSorted()).toEqual(['a.dcm', 'b/c.DCM']);
    expect(await store.list(1)).toHaveLength(1);
  });

  it('reads, removes, and puts aside with a reason', async () => {
    for (const name of ['a.dcm', 'b/c.dcm']) drop(name);
    let text = '';
    for await (const chunk of (await store.read('a.dcm')) ?? []) text += Buffer.from(chunk).toString();
    expect([text, await store.read('none.dcm')]).toEqual(['a.dcm', undefined]);
    await store.remove('a.dcm');
    await store.reject('b/c.dcm', '{"why":1}');
    expect(await store.list(10)).toEqual([]);
    const aside = path.join(folder.path, 'error-container/b/c.dcm');
    expect([readFileSync(aside, 'utf8'), readFileSync(`${aside}.json`, 'utf8')]).toEqual(['b/c.dcm', '{"why":1}']);
    expect(existsSync(place('b/c.dcm'))).toBe(false);
  });

  it('has nothing outside of the folder', async () => {
    await expect(store.remove('../error-container/x')).rejects.toThrow(RangeError);
  });
});
