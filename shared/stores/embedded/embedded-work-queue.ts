/** The work queue port on SQLite. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { WorkMessage, WorkQueue } from '../queue/work-queue.ts';
import { openDatabase } from './database.ts';

const maxBytes = 48 * 1024;
/** A Storage queue keeps a message for a week. */
const lifetime = 7 * 24 * 3600 * 1000;

interface Row {
  id: string;
  text: string;
  dequeues: number;
  inserted: number;
  visible: number;
  receipt: string;
}

export class EmbeddedWorkQueue implements WorkQueue {
  private readonly database: DatabaseSync;
  private readonly onClose: () => void;

  constructor(path: string, onClose: () => void) {
    this.onClose = onClose;
    this.database = openDatabase(path, 'write');
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS message (
        id TEXT PRIMARY KEY, queue TEXT NOT NULL, text TEXT NOT NULL, dequeues INTEGER NOT NULL,
        inserted INTEGER NOT NULL, visible INTEGER NOT NULL, receipt TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS message_by_time ON message (queue, visible);
    `);
  }

  async send(queue: string, text: string, delaySeconds = 0): Promise<void> {
    if (Buffer.byteLength(text) > maxBytes) throw new RangeError(`A message has at most ${maxBytes} bytes.`);
    const now = Date.now();
    this.database
      .prepare("INSERT INTO message VALUES (?, ?, ?, 0, ?, ?, '')")
      .run(randomUUID(), queue, text, now, now + delaySeconds * 1000);
  }

  async receive(queue: string, most: number, visibilitySeconds: number): Promise<WorkMessage[]> {
    const now = Date.now();
    const visible = now + visibilitySeconds * 1000;
    this.database.prepare('DELETE FROM message WHERE queue = ? AND inserted < ?').run(queue, now - lifetime);
    const rows = this.database
      .prepare(
        `UPDATE message SET dequeues = dequeues + 1, visible = ?, receipt = hex(randomblob(16))
         WHERE id IN (SELECT id FROM message WHERE queue = ? AND visible <= ? ORDER BY visible LIMIT ?)
         RETURNING id, text, dequeues, inserted, visible, receipt`,
      )
      .all(visible, queue, now, most) as unknown as Row[];
    return rows.map((row) => ({
      id: row.id,
      text: row.text,
      dequeueCount: row.dequeues,
      insertedOn: new Date(row.inserted),
      expiresOn: new Date(row.inserted + lifetime),
      nextVisibleOn: new Date(row.visible),
      popReceipt: row.receipt,
    }));
  }

  async remove(queue: string, { id, popReceipt }: WorkMessage): Promise<boolean> {
    const result = this.database
      .prepare('DELETE FROM message WHERE queue = ? AND id = ? AND receipt = ?')
      .run(queue, id, popReceipt);
    return result.changes === 1;
  }

  async release(queue: string, { id, popReceipt }: WorkMessage, delaySeconds: number): Promise<boolean> {
    const result = this.database
      .prepare('UPDATE message SET visible = ? WHERE queue = ? AND id = ? AND receipt = ?')
      .run(Date.now() + delaySeconds * 1000, queue, id, popReceipt);
    return result.changes === 1;
  }

  async close(): Promise<void> {
    this.database.close();
    this.onClose();
  }
}
