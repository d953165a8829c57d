/** The event cursors on SQLite: a database of their own, made when a service is given endpoints. */
import type { DatabaseSync } from 'node:sqlite';
import type { EventCursor, EventCursors } from '../event-cursors/event-cursors.ts';
import { openWriter, transaction } from './connection.ts';
import { migrate } from './schema.ts';

const versionOne = `
  CREATE TABLE cursor (
    endpoint TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    retry_at INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

export class EmbeddedEventCursors implements EventCursors {
  readonly #database: DatabaseSync;
  readonly #onClose: () => void;

  constructor(file: string, onClose: () => void) {
    this.#database = openWriter(file);
    migrate(this.#database, [versionOne]);
    this.#onClose = onClose;
  }

  async keep(endpoints: readonly string[], sequence: number): Promise<void> {
    transaction(this.#database, () => {
      const all = JSON.stringify(endpoints);
      this.#database.prepare('DELETE FROM cursor WHERE endpoint NOT IN (SELECT value FROM json_each(?))').run(all);
      this.#database
        .prepare('INSERT OR IGNORE INTO cursor SELECT value, ?, 0, 0, 0 FROM json_each(?)')
        .run(sequence, all);
    });
  }

  async read(endpoint: string): Promise<EventCursor | undefined> {
    const row = this.#database.prepare('SELECT * FROM cursor WHERE endpoint = ?').get(endpoint);
    if (!row) return undefined;
    return {
      sequence: Number(row.sequence),
      confirmed: row.confirmed === 1,
      failures: Number(row.failures),
      retryAt: Number(row.retry_at),
    };
  }

  async save(endpoint: string, { sequence, confirmed, failures, retryAt }: EventCursor): Promise<void> {
    this.#database
      .prepare('UPDATE cursor SET sequence = ?, confirmed = ?, failures = ?, retry_at = ? WHERE endpoint = ?')
      .run(sequence, Number(confirmed), failures, retryAt, endpoint);
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#onClose();
  }
}
