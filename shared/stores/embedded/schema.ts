/**
 * The tables of one FHIR service's database. Docs: docs/storage.md.
 *
 * `version` holds every version with its text, appended in the order of commits; `resource` says which one is current.
 * An index table has one row per index entry of a current version, found both by the version's position (to test one
 * resource) and by parameter and value (to find resources). An absent text is '' in index tables, so that it can be keyed.
 */
import type { DatabaseSync } from 'node:sqlite';

/** Each step brings a database from the version that is its index to the next one. Steps are never changed, only added. */
const migrations: readonly string[] = [
  `
  CREATE TABLE version (
    position INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    updated INTEGER NOT NULL, method TEXT NOT NULL, deleted INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX version_by_key ON version (type, id, version);
  CREATE INDEX version_by_type ON version (type, position);

  CREATE TABLE resource (
    position INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    updated INTEGER NOT NULL, deleted INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX resource_by_key ON resource (type, id);
  CREATE INDEX resource_by_type ON resource (type, deleted, position);
  CREATE INDEX resource_by_updated ON resource (type, deleted, updated);

  CREATE TABLE parameter (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE string_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL,
    PRIMARY KEY (position, param, folded, exact)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX string_by_value ON string_index (param, folded, position);

  CREATE TABLE token_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (position, param, code, system, text)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX token_by_value ON token_index (param, code, system, position);

  CREATE TABLE date_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    PRIMARY KEY (position, param, low, high)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX date_by_low ON date_index (param, low, high, position);
  CREATE INDEX date_by_high ON date_index (param, high, low, position);

  CREATE TABLE number_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
    PRIMARY KEY (position, param, low, high)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX number_by_value ON number_index (param, low, high, position);

  CREATE TABLE quantity_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL,
    low REAL NOT NULL, high REAL NOT NULL,
    PRIMARY KEY (position, param, code, system, low, high)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX quantity_by_value ON quantity_index (param, low, high, code, system, position);

  CREATE TABLE uri_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, uri TEXT NOT NULL,
    PRIMARY KEY (position, param, uri)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uri_by_value ON uri_index (param, uri, position);

  CREATE TABLE reference_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, base TEXT NOT NULL,
    PRIMARY KEY (position, param, id, type, base)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reference_by_value ON reference_index (param, id, type, base, position);

  CREATE TABLE composite_index (
    position INTEGER NOT NULL, param INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    a_text TEXT NOT NULL, a_system TEXT NOT NULL, a_low REAL, a_high REAL,
    b_text TEXT NOT NULL, b_system TEXT NOT NULL, b_low REAL, b_high REAL,
    c_text TEXT NOT NULL, c_system TEXT NOT NULL, c_low REAL, c_high REAL,
    PRIMARY KEY (position, param, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX composite_by_value ON composite_index (param, a_text, a_system, position);

  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT INTO counter VALUES ('position', 0), ('updated', 0);
  CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  INSERT INTO secret VALUES ('signing-key', randomblob(32));
  `,
];

export const indexTables = ['string', 'token', 'date', 'number', 'quantity', 'uri', 'reference', 'composite'] as const;

/** Brings the database to the newest schema in one transaction. A database of a newer program is refused. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  const { user_version: version } = row;
  if (version > steps.length) {
    throw new Error(
      `The database has schema version ${version}; this program knows versions up to ${steps.length}. Use a newer program.`,
    );
  }
  if (version === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
