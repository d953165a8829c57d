/** The tables of one DICOM service's worklist. A workitem's number grows in the order of creation and is never used again. */
const versionOne = `
  CREATE TABLE workitem (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    partition TEXT NOT NULL,
    uid TEXT NOT NULL,
    revision INTEGER NOT NULL,
    transaction_uid TEXT,
    data_set BLOB NOT NULL,
    UNIQUE (partition, uid)
  );
  CREATE INDEX workitem_by_partition ON workitem (partition, id);

  CREATE TABLE value (path TEXT NOT NULL, text TEXT NOT NULL, words TEXT, owner INTEGER NOT NULL);
  CREATE INDEX value_by_text ON value (path, text, owner);
  CREATE INDEX value_by_owner ON value (owner);
`;

/** Step n brings a database from schema version n to n + 1. Steps are never changed once released. */
export const worklistMigrations: readonly string[] = [versionOne];
