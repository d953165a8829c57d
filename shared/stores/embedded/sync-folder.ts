import { open } from 'node:fs/promises';

/** The names in a folder are on the disk once the folder is: to be called after a file was made, renamed or removed. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
