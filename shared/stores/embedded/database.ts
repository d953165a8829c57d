import { DatabaseSync } from 'node:sqlite';

/** Page cache of one connection, KiB. Three connections a service: a writer and two readers. */
const cacheKiB = 8192;

/**
 * A connection to a database file. WAL with `synchronous=FULL`: a commit is on the disk when it returns, and readers
 * neither wait for the writer nor see what it has not committed.
 */
export function openDatabase(path: string, use: 'write' | 'read'): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: use === 'read' });
  database.exec(`PRAGMA cache_size = -${cacheKiB}; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;`);
  if (use === 'write')
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
  return database;
}
