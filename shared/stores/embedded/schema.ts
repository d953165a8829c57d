/**
 * The tables of one service's database; docs/storage.md explains them with an example.
 * Each index table is two B-trees that both hold the whole row: one by value, to find resources, one by position, to test
 * a resource that another condition found, to sort it and to take its rows away.
 */
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './connection.ts';

const versionOne = `
  CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_position INTEGER NOT NULL,
    signing_key BLOB NOT NULL
  );
  CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

  CREATE TABLE version (
    position INTEGER PRIMARY KEY,
    type INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    method TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX version_by_id ON version (type, id, version);
  CREATE INDEX version_by_type ON version (type);

  CREATE TABLE resource (
    position INTEGER PRIMARY KEY,
    type INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    deleted INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX resource_by_id ON resource (id, type);
  CREATE INDEX live_resource_by_type ON resource (type) WHERE deleted = 0;

  CREATE TABLE string_index (
    param INTEGER NOT NULL, folded TEXT NOT NULL, position INTEGER NOT NULL, exact TEXT NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, folded, position, exact, part)
  ) WITHOUT ROWID;
  CREATE INDEX string_by_position ON string_index (position, param);

  CREATE TABLE token_index (
    param INTEGER NOT NULL, code TEXT NOT NULL, position INTEGER NOT NULL, system INTEGER NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, code, position, system, part)
  ) WITHOUT ROWID;
  CREATE INDEX token_by_position ON token_index (position, param);

  CREATE TABLE token_text_index (
    param INTEGER NOT NULL, text TEXT NOT NULL, position INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL,
    part INTEGER NOT NULL,
    PRIMARY KEY (param, text, position, code, system, part)
  ) WITHOUT ROWID;
  CREATE INDEX token_text_by_position ON token_text_index (position, param);

  CREATE TABLE date_index (
    param INTEGER NOT NULL, low INTEGER NOT NULL, position INTEGER NOT NULL, high INTEGER NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, low, position, high, part)
  ) WITHOUT ROWID;
  CREATE INDEX date_by_position ON date_index (position, param);
  CREATE INDEX wide_date ON date_index (param, low, high) WHERE high - low > 86400000;

  CREATE TABLE number_index (
    param INTEGER NOT NULL, low REAL NOT NULL, position INTEGER NOT NULL, high REAL NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, low, position, high, part)
  ) WITHOUT ROWID;
  CREATE INDEX number_by_position ON number_index (position, param);
  CREATE INDEX wide_number ON number_index (param, low, high) WHERE high - low > 0;

  CREATE TABLE quantity_index (
    param INTEGER NOT NULL, low REAL NOT NULL, position INTEGER NOT NULL, high REAL NOT NULL, code TEXT NOT NULL,
    system INTEGER NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, low, position, high, code, system, part)
  ) WITHOUT ROWID;
  CREATE INDEX quantity_by_position ON quantity_index (position, param);
  CREATE INDEX wide_quantity ON quantity_index (param, low, high) WHERE high - low > 0;

  CREATE TABLE uri_index (
    param INTEGER NOT NULL, uri TEXT NOT NULL, position INTEGER NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY (param, uri, position, part)
  ) WITHOUT ROWID;
  CREATE INDEX uri_by_position ON uri_index (position, param);

  CREATE TABLE reference_index (
    param INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, type INTEGER NOT NULL, base INTEGER NOT NULL,
    part INTEGER NOT NULL,
    PRIMARY KEY (param, id, position, type, base, part)
  ) WITHOUT ROWID;
  CREATE INDEX reference_by_position ON reference_index (position, param);
`;

const parameterRecords = `
  CREATE TABLE parameter (url TEXT PRIMARY KEY, state TEXT NOT NULL, resource TEXT, version INTEGER NOT NULL);
  CREATE INDEX parameter_by_version ON parameter (version);
`;

/** Step n brings a database from schema version n to n + 1. Steps are never changed once released. */
const migrations: readonly string[] = [versionOne, parameterRecords];

/**
 * Brings the database to the newest schema version, all steps in one transaction.
 * Throws when a newer release has written it.
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  const found = database.prepare('PRAGMA user_version').get()?.user_version;
  const from = typeof found === 'number' ? found : 0;
  if (from > steps.length) {
    throw new Error(
      `The database has schema version ${from}, but this release knows only versions up to ${steps.length}. ` +
        'Start the release that wrote it, or a newer one.',
    );
  }
  if (from === steps.length) return;
  transaction(database, () => {
    for (const step of steps.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}
