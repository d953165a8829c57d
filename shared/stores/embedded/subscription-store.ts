/** The subscription port on SQLite: a database of its own, made when the service gets its first subscription. */
import type { DatabaseSync } from 'node:sqlite';
import {
  eventsKept,
  type KeptState,
  type SubscriptionEvent,
  type SubscriptionState,
  type SubscriptionStore,
} from '../subscriptions/subscription-store.ts';
import { openWriter, transaction } from './connection.ts';
import { migrate } from './schema.ts';

const versionOne = `
  CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    leased_until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE event (
    subscription TEXT NOT NULL, number INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    updated INTEGER NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (subscription, number)
  ) WITHOUT ROWID;
`;

function prepareAll(database: DatabaseSync) {
  return {
    read: database.prepare('SELECT revision, state, leased_until AS leasedUntil FROM subscription WHERE id = ?'),
    add: database.prepare('INSERT OR IGNORE INTO subscription VALUES (?, 1, ?, ?)'),
    replace: database.prepare(
      'UPDATE subscription SET revision = revision + 1, state = ?, leased_until = ? WHERE id = ? AND revision = ?',
    ),
    addEvent: database.prepare('INSERT OR REPLACE INTO event VALUES (?, ?, ?, ?, ?, ?, ?)'),
    dropEvents: database.prepare('DELETE FROM event WHERE subscription = ? AND number <= ?'),
    events: database.prepare(
      'SELECT number, type, id, version, updated, created FROM event WHERE subscription = ? AND number >= ? ORDER BY number LIMIT ?',
    ),
    remove: database.prepare('DELETE FROM subscription WHERE id = ?'),
    removeEvents: database.prepare('DELETE FROM event WHERE subscription = ?'),
  };
}

export class EmbeddedSubscriptionStore implements SubscriptionStore {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #onClose: () => void;

  /** A lease that is found belongs to a process that is gone: the data folder has one process at a time. */
  constructor(file: string, onClose: () => void) {
    this.#database = openWriter(file);
    migrate(this.#database, [versionOne]);
    this.#database.exec('UPDATE subscription SET leased_until = 0 WHERE leased_until > 0');
    this.#run = prepareAll(this.#database);
    this.#onClose = onClose;
  }

  async read(id: string): Promise<KeptState | undefined> {
    const row = this.#run.read.get(id) as { revision: number; state: string; leasedUntil: number } | undefined;
    if (row === undefined) return undefined;
    return { ...JSON.parse(row.state), leasedUntil: row.leasedUntil, revision: row.revision };
  }

  async save(
    id: string,
    state: SubscriptionState,
    expected: number,
    events: readonly SubscriptionEvent[] = [],
  ): Promise<boolean> {
    const { leasedUntil, ...rest } = state;
    const text = JSON.stringify(rest);
    return transaction(this.#database, () => {
      const { changes } =
        expected === 0
          ? this.#run.add.run(id, text, leasedUntil)
          : this.#run.replace.run(text, leasedUntil, id, expected);
      if (changes !== 1) return false;
      for (const { number, type, id: of, version, updated, created } of events) {
        this.#run.addEvent.run(id, number, type, of, version, updated, created ? 1 : 0);
      }
      this.#run.dropEvents.run(id, state.delivered - eventsKept);
      return true;
    });
  }

  async events(id: string, from: number, limit: number): Promise<SubscriptionEvent[]> {
    const rows = this.#run.events.all(id, from, limit) as unknown as (Omit<SubscriptionEvent, 'created'> & {
      created: number;
    })[];
    return rows.map((row) => ({ ...row, created: Boolean(row.created) }));
  }

  async remove(id: string): Promise<void> {
    transaction(this.#database, () => {
      this.#run.remove.run(id);
      this.#run.removeEvents.run(id);
    });
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#database.close();
    this.#onClose();
  }
}
