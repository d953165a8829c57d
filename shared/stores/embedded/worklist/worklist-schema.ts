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

/** `until`: a suspended subscription is to workitems up to that number. `off`: one that is left out of a wider subscription. */
const subscriptions = `
  CREATE TABLE subscription (
    partition TEXT NOT NULL,
    ae TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('on', 'suspended', 'off')),
    until INTEGER NOT NULL,
    filters TEXT,
    deletion_lock INTEGER NOT NULL,
    PRIMARY KEY (partition, ae, target)
  ) WITHOUT ROWID;
  CREATE INDEX subscription_by_target ON subscription (partition, target);

  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    partition TEXT NOT NULL,
    ae TEXT NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX event_by_subscriber ON event (partition, ae, id);
`;

/** Step n brings a database from schema version n to n + 1. Steps are never changed once released. */
export const worklistMigrations: readonly string[] = [versionOne, subscriptions];
