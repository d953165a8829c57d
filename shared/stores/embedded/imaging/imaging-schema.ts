/**
 * The tables of one DICOM service's index. A level's values lie in one table for all tags, so that a tag that somebody
 * begins to search by needs no new column.
 */
const versionOne = `
  CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_version INTEGER NOT NULL,
    last_time INTEGER NOT NULL
  );
  INSERT INTO store VALUES (1, 0, 0);

  CREATE TABLE partition (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL);

  CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    partition TEXT NOT NULL,
    uid TEXT NOT NULL,
    version INTEGER NOT NULL,
    shown BLOB NOT NULL,
    UNIQUE (partition, uid)
  );
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    study INTEGER NOT NULL,
    uid TEXT NOT NULL,
    version INTEGER NOT NULL,
    shown BLOB NOT NULL,
    UNIQUE (study, uid)
  );
  CREATE INDEX series_by_uid ON series (uid);
  CREATE TABLE instance (
    version INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    uid TEXT NOT NULL,
    length INTEGER NOT NULL,
    transfer_syntax TEXT NOT NULL,
    frames BLOB,
    shown BLOB NOT NULL,
    metadata BLOB NOT NULL,
    UNIQUE (series, uid)
  );
  CREATE INDEX instance_by_series ON instance (series, version);
  CREATE INDEX instance_by_uid ON instance (uid);

  CREATE TABLE value (
    level INTEGER NOT NULL,
    tag INTEGER NOT NULL,
    text TEXT,
    number REAL,
    words TEXT,
    owner INTEGER NOT NULL
  );
  CREATE INDEX value_by_text ON value (level, tag, text, owner);
  CREATE INDEX value_by_number ON value (level, tag, number, owner) WHERE number IS NOT NULL;
  CREATE INDEX value_by_owner ON value (level, owner);

  CREATE TABLE change (
    sequence INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    action TEXT NOT NULL,
    partition TEXT NOT NULL,
    study TEXT NOT NULL,
    series TEXT NOT NULL,
    instance TEXT NOT NULL,
    version INTEGER NOT NULL
  );
  CREATE INDEX change_by_time ON change (time, sequence);

  CREATE TABLE leftover (version INTEGER PRIMARY KEY, stored INTEGER NOT NULL, time INTEGER NOT NULL);
  CREATE INDEX leftover_by_time ON leftover (stored, time);
`;

const queryTags = `
  ALTER TABLE store ADD COLUMN tags_version INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE query_tag (
    number INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL UNIQUE,
    vr TEXT NOT NULL,
    creator TEXT,
    level INTEGER NOT NULL,
    status TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    operation TEXT NOT NULL
  );
  CREATE TABLE query_tag_error (
    tag INTEGER NOT NULL,
    version INTEGER NOT NULL,
    time INTEGER NOT NULL,
    fault INTEGER NOT NULL,
    PRIMARY KEY (tag, version)
  ) WITHOUT ROWID;
  CREATE INDEX query_tag_error_by_version ON query_tag_error (version);
`;

const originals = `
  ALTER TABLE instance ADD COLUMN original INTEGER;
  CREATE TABLE original (
    version INTEGER PRIMARY KEY,
    length INTEGER NOT NULL,
    transfer_syntax TEXT NOT NULL,
    frames BLOB,
    metadata BLOB NOT NULL
  );
`;

const defaultPartition = `
  INSERT OR IGNORE INTO partition (name, created) VALUES ('Microsoft.Default', CAST(unixepoch('subsec') * 1000 AS INTEGER));
`;

/** Step n brings a database from schema version n to n + 1. Steps are never changed once released. */
export const imagingMigrations: readonly string[] = [versionOne, queryTags, originals, defaultPartition];
