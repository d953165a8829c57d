/** The work queue on SQLite. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { MOST_MESSAGE_BYTES, type WorkMessage, type WorkQueue } from '../queue/work-queue.ts';
import { openWriter } from './connection.ts';
import { migrate } from './schema.ts';

/** A Storage queue keeps a message for a week. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const versionOne = `
  CREATE TABLE message (
    id TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    text TEXT NOT NULL,
    dequeue_count INTEGER NOT NULL,
    inserted INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    receipt TEXT NOT NULL
  );
  CREATE INDEX message_by_time ON message (queue, visible);
`;

function prepareAll(database: DatabaseSync) {
  return {
    send: database.prepare("INSERT INTO message VALUES (?, ?, ?, 0, ?, ?, '')"),
    expire: database.prepare('DELETE FROM message WHERE queue = ? AND inserted <= ?'),
    receive: database.prepare(`
      UPDATE message SET dequeue_count = dequeue_count + 1, visible = ?, receipt = hex(randomblob(16))
      WHERE id IN (SELECT id FROM message WHERE queue = ? AND visible <= ? ORDER BY visible LIMIT ?)
      RETURNING id, text, dequeue_count AS dequeueCount, inserted, visible, receipt`),
    remove: database.prepare('DELETE FROM message WHERE id = ? AND queue = ? AND receipt = ?'),
    release: database.prepare('UPDATE message SET visible = ? WHERE id = ? AND queue = ? AND receipt = ?'),
  };
}

interface MessageRow {
  readonly id: string;
  readonly text: string;
  readonly dequeueCount: number;
  readonly inserted: number;
  readonly visible: number;
  readonly receipt: string;
}

export class EmbeddedWorkQueue implements WorkQueue {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #onClose: () => void;
  readonly #now: () => number;

  constructor(file: string, onClose: () => void, now: () => number = Date.now) {
    this.#database = openWriter(file);
    migrate(this.#database, [versionOne]);
    this.#run = prepareAll(this.#database);
    this.#onClose = onClose;
    this.#now = now;
  }

  async send(queue: string, text: string, delaySeconds = 0): Promise<void> {
    if (Buffer.byteLength(text) > MOST_MESSAGE_BYTES) {
      throw new RangeError(`A message has at most ${MOST_MESSAGE_BYTES} bytes.`);
    }
    const now = this.#now();
    this.#run.send.run(randomUUID(), queue, text, now, now + delaySeconds * 1000);
  }

  async receive(queue: string, most: number, visibilitySeconds: number): Promise<WorkMessage[]> {
    const now = this.#now();
    this.#run.expire.run(queue, now - LIFETIME_MS);
    const rows = this.#run.receive.all(now + visibilitySeconds * 1000, queue, now, most);
    return (rows as unknown as MessageRow[]).map(({ inserted, visible, receipt, ...message }) => ({
      ...message,
      insertedOn: new Date(inserted),
      expiresOn: new Date(inserted + LIFETIME_MS),
      nextVisibleOn: new Date(visible),
      popReceipt: receipt,
    }));
  }

  async remove(queue: string, { id, popReceipt }: WorkMessage): Promise<boolean> {
    return this.#run.remove.run(id, queue, popReceipt).changes === 1;
  }

  async release(queue: string, { id, popReceipt }: WorkMessage, delaySeconds: number): Promise<boolean> {
    return this.#run.release.run(this.#now() + delaySeconds * 1000, id, queue, popReceipt).changes === 1;
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#database.close();
    this.#onClose();
  }
}
