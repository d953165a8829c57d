/** What every adapter of the blob port must do. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobExists, type BlobStore } from './blob-store.ts';

export interface OpenedBlobStore {
  readonly store: BlobStore;
  /** Opens the same data again, after the store was closed. */
  reopen(): Promise<BlobStore>;
  dispose(): Promise<void>;
}

async function* chunksOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(...texts: string[]): AsyncGenerator<Uint8Array> {
  yield* chunksOf(...texts);
  throw new Error('the client has gone');
}

/** Different bytes everywhere, so that a chunk in the wrong place shows. */
async function* pattern(megabytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < megabytes; at += 1) yield Buffer.alloc(1024 * 1024, at % 251);
}

export function blobStoreContract(name: string, open: () => Promise<OpenedBlobStore>): void {
  describe(`${name} keeps the contract of blob stores`, () => {
    let opened: OpenedBlobStore;
    let store: BlobStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    const textOf = async (blob: string, range?: { offset: number; length: number }): Promise<string | undefined> => {
      const found = await store.read(blob, range);
      if (!found) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of found.content) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };

    it('a blob is read as it was written, after opening again too', async () => {
      const written = await store.write('a/b-1.dcm', chunksOf('one ', '', 'two'));
      expect(written).toMatchObject({ name: 'a/b-1.dcm', length: 7 });
      expect(await textOf('a/b-1.dcm')).toBe('one two');
      await store.close();
      store = await opened.reopen();
      expect(await textOf('a/b-1.dcm')).toBe('one two');
      expect(await store.properties('a/b-1.dcm')).toMatchObject({ length: 7 });
    });

    it('an empty blob is a blob', async () => {
      await store.write('empty', chunksOf());
      expect(await textOf('empty')).toBe('');
    });

    it('what is not there is not found', async () => {
      expect(await store.read('none')).toBeUndefined();
      expect(await store.properties('none')).toBeUndefined();
      expect(await store.remove('none')).toBe(false);
    });

    it('a name is written once, however many try at the same time', async () => {
      const tries = ['a', 'b', 'c', 'd'].map((text) => store.write('x', chunksOf(text, text)));
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(BlobExists);
      expect(await textOf('x')).toBe(
        ['aa', 'bb', 'cc', 'dd'][results.findIndex(({ status }) => status === 'fulfilled')],
      );
    });

    it('content that breaks off leaves nothing, and the name free', async () => {
      await expect(store.write('x', broken('half'))).rejects.toThrow('the client has gone');
      expect(await store.read('x')).toBeUndefined();
      expect(await store.list('', 10)).toEqual([]);
      await store.write('x', chunksOf('whole'));
      expect(await textOf('x')).toBe('whole');
    });

    it.each([
      [{ offset: 0, length: 3 }, '012'],
      [{ offset: 8, length: 5 }, '89'],
      [{ offset: 10, length: 5 }, ''],
      [{ offset: 4, length: 0 }, ''],
    ])('range %o', async (range, expected) => {
      await store.write('digits', chunksOf('01234', '56789'));
      expect(await textOf('digits', range)).toBe(expected);
    });

    it('a large blob keeps every byte in its place', async () => {
      const expected = createHash('sha256');
      for await (const chunk of pattern(20)) expected.update(chunk);
      await store.write('large', pattern(20));
      const actual = createHash('sha256');
      const found = await store.read('large');
      for await (const chunk of found?.content ?? []) actual.update(chunk);
      expect(actual.digest('hex')).toBe(expected.digest('hex'));
    });

    it('a reader that stops early lets go', async () => {
      await store.write('large', pattern(3));
      for (let round = 0; round < 50; round += 1) {
        const found = await store.read('large');
        for await (const _ of found?.content ?? []) break;
      }
      expect(await store.remove('large')).toBe(true);
      expect(await store.read('large')).toBeUndefined();
    });

    it('names are listed by prefix, in order, page by page', async () => {
      for (const blob of ['b/2', 'a/1', 'a/3', 'a/2', 'a-4', 'c']) await store.write(blob, chunksOf('x'));
      expect(await store.list('a/', 10)).toEqual(['a/1', 'a/2', 'a/3']);
      expect(await store.list('', 10)).toEqual(['a-4', 'a/1', 'a/2', 'a/3', 'b/2', 'c']);
      expect(await store.list('', 2, 'a/1')).toEqual(['a/2', 'a/3']);
    });

    it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.', 'a/.', 'ä', 'a b', 'a\0', 'x'.repeat(201)])(
      'the name %j is refused',
      async (blob) => {
        await expect(store.write(blob, chunksOf('x'))).rejects.toThrow(RangeError);
        await expect(store.read(blob)).rejects.toThrow(RangeError);
      },
    );

    it('check passes while it can be written', async () => {
      await store.check();
      expect(await store.list('', 10)).toEqual([]);
    });
  });
}
