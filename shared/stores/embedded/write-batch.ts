/** One batch of commits in one SQLite transaction: one wait for the disk for all of them. */
import type { DatabaseSync } from 'node:sqlite';
import type { CommitResult, Stamp } from '../resources/resource-store.ts';
import { ChangeWriter } from './apply-change.ts';
import type { Batch, BatchResult, CommitRequest, CompiledGuard } from './commit-request.ts';

export class BatchWriter {
  private readonly database: DatabaseSync;
  private readonly changes: ChangeWriter;
  private position = 0;
  private updated = 0;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.changes = new ChangeWriter(database);
    this.readCounters();
  }

  /** A commit whose expectations fail is taken back alone; any other failure takes back the batch. */
  write(batch: Batch): BatchResult {
    try {
      this.database.exec('BEGIN IMMEDIATE');
      // A clock that was set back must not bring back times that have been given out.
      this.updated = Math.max(this.updated, batch.now);
      const results = batch.commits.map((commit) => this.commit(commit));
      this.writeCounters();
      this.database.exec('COMMIT');
      return { results };
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      this.changes.forget();
      this.readCounters();
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  }

  private commit({ changes, guards }: CommitRequest): CommitResult {
    if (!guards.every((guard) => this.holds(guard))) return { done: false, key: undefined };
    if (changes.length > 1) this.database.exec('SAVEPOINT one');
    const stamps: Stamp[] = [];
    for (const change of changes) {
      const stamp = this.changes.apply(change, () => ({ position: ++this.position, updated: this.updated }));
      if (!stamp) {
        if (changes.length > 1) {
          this.database.exec('ROLLBACK TO one; RELEASE one');
          this.changes.forget();
        }
        return { done: false, key: change.key };
      }
      stamps.push(stamp);
    }
    if (changes.length > 1) this.database.exec('RELEASE one');
    return { done: true, stamps };
  }

  private holds({ search, found }: CompiledGuard): boolean {
    const rows = this.database.prepare(search.text).all(...search.parameters) as { type: string; id: string }[];
    const now = new Set(rows.slice(0, 2).map(({ type, id }) => `${type}/${id}`));
    return now.size === found.length && found.every(({ type, id }) => now.has(`${type}/${id}`));
  }

  private readCounters(): void {
    const rows = this.database.prepare('SELECT name, value FROM counter').all() as { name: string; value: number }[];
    const values = new Map(rows.map(({ name, value }) => [name, value]));
    this.position = values.get('position') ?? 0;
    this.updated = values.get('updated') ?? 0;
  }

  private writeCounters(): void {
    const update = this.database.prepare('UPDATE counter SET value = ? WHERE name = ?');
    update.run(this.position, 'position');
    update.run(this.updated, 'updated');
  }
}
