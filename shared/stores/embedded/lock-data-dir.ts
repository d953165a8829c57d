/**
 * One process at a time writes a data folder. The lock is an exclusive SQLite transaction: the operating system lets go of
 * it when the process dies, however it dies, so there are no stale locks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

interface Lock {
  readonly database: DatabaseSync;
  holders: number;
}

const locks = new Map<string, Lock>();

/** Takes the lock for this process, or joins in when the process has it. Returns how to let go of it. */
export function lockDataDir(dataDir: string): () => void {
  const path = resolve(dataDir);
  const lock = locks.get(path) ?? take(path);
  lock.holders += 1;
  locks.set(path, lock);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    lock.holders -= 1;
    if (lock.holders > 0) return;
    locks.delete(path);
    lock.database.close();
  };
}

function take(path: string): Lock {
  mkdirSync(path, { recursive: true });
  const holder = join(path, 'lock.pid');
  const database = new DatabaseSync(join(path, 'lock.db'));
  try {
    database.exec('PRAGMA busy_timeout = 300; BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new Error(
      `The data folder ${path} is in use by process ${readHolder(holder)}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  writeFileSync(holder, String(process.pid));
  return { database, holders: 0 };
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
