/** Connections to SQLite databases and the settings that the store's promises rest on. */
import { DatabaseSync } from 'node:sqlite';

/** Pages that a commit may leave in the log before they are moved into the database: 16 MB. */
const CHECKPOINT_PAGES = 4000;

/** The lock on the data folder keeps others out; a moment is needed when a log is recovered after a crash. */
const BUSY_MS = 5000;

/**
 * The one connection of a database that writes. With a write-ahead log and `synchronous = FULL` a COMMIT returns only
 * after the log is on the disk (sqlite.org/pragma.html#pragma_synchronous).
 */
export function openWriter(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: BUSY_MS });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -4000;
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
  return database;
}

/** A connection that sees every commit that was answered before its statement began. */
export function openReader(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  database.exec('PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;');
  return database;
}

/** Runs `work` in a transaction that takes the write lock at once. Whatever `work` throws undoes everything. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  return within(database, 'BEGIN IMMEDIATE', work);
}

/** Runs `work` on one snapshot of the database. */
export function snapshot<T>(database: DatabaseSync, work: () => T): T {
  return within(database, 'BEGIN', work);
}

function within<T>(database: DatabaseSync, begin: string, work: () => T): T {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
