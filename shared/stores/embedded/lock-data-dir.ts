/**
 * One process at a time writes a data folder. The lock is an exclusive SQLite transaction: the operating system lets go of
 * it when the process dies, however it dies, so there are no stale locks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

interface Lock {
  readonly database: DatabaseSync;
  holders: number;
}

/** One for the process: a built app brings a copy of this file of its own, and shares the folder with the local host. */
const key = Symbol.for('open-health-data-services:data-folder-locks');
const shared = globalThis as { [key]?: Map<string, Lock> };
shared[key] ??= new Map();
const locks = shared[key];

/** Takes the lock for this process, or joins in when the process has it. Returns how to let go of it. */
export function lockDataDir(dataDir: string): () => void {
  const folder = path.resolve(dataDir);
  const lock = locks.get(folder) ?? take(folder);
  lock.holders += 1;
  locks.set(folder, lock);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    lock.holders -= 1;
    if (lock.holders > 0) return;
    locks.delete(folder);
    lock.database.close();
  };
}

function take(folder: string): Lock {
  mkdirSync(folder, { recursive: true });
  // The locked database cannot be read by others, so who holds it stands in a file of its own.
  const holder = path.join(folder, 'lock.pid');
  const database = new DatabaseSync(path.join(folder, 'lock.db'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `The data folder ${folder} is in use by process ${pidIn(holder)}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  writeFileSync(holder, `${process.pid}\n`);
  return { database, holders: 0 };
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
