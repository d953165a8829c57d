import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { blobStoreContract } from '../blobs/blob-store.contract.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

blobStoreContract('The file blob store', async () => {
  const folder = temporaryFolder();
  const open = () => FileBlobStore.open(folder.path, () => {});
  return { store: await open(), reopen: open, dispose: async () => folder.remove() };
});

it('what a process that died left half written is gone when the store is opened', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'partial'));
  writeFileSync(path.join(folder.path, 'partial/torn'), 'half a file');
  await FileBlobStore.open(folder.path, () => {});
  expect(readdirSync(path.join(folder.path, 'partial'))).toEqual([]);
  folder.remove();
});
