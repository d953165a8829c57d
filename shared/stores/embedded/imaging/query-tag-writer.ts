/** What changes query tags and indexes older instances for them. Each method runs inside a transaction of its caller's. */
import type { DatabaseSync } from 'node:sqlite';
import { levels } from '../../imaging/imaging-index.ts';
import type { AddedTags, LateValues, NewQueryTag } from '../../imaging/query-tags.ts';

function prepareAll(database: DatabaseSync) {
  return {
    changed: database.prepare('UPDATE store SET tags_version = tags_version + 1'),
    operationOf: database.prepare('SELECT operation FROM query_tag WHERE tag = ?'),
    count: database.prepare('SELECT count(*) AS count FROM query_tag'),
    add: database.prepare(
      `INSERT INTO query_tag (tag, vr, creator, level, status, enabled, operation) VALUES (?, ?, ?, ?, 'adding', 1, ?)`,
    ),
    enable: database.prepare('UPDATE query_tag SET enabled = ? WHERE tag = ?'),
    complete: database.prepare(`UPDATE query_tag SET status = 'ready' WHERE operation = ? AND status = 'adding'`),
    beginRemoval: database.prepare(`UPDATE query_tag SET status = 'deleting' WHERE tag = ?`),
    isGoing: database.prepare(`SELECT 1 FROM query_tag WHERE tag = ? AND status = 'deleting'`),
    removeValues: database.prepare(
      `DELETE FROM value WHERE rowid IN (SELECT v.rowid FROM query_tag AS q CROSS JOIN value AS v
       ON v.level = q.level AND v.tag = q.tag WHERE q.tag = ? LIMIT ?)`,
    ),
    removeErrors: database.prepare('DELETE FROM query_tag_error WHERE tag = ?'),
    remove: database.prepare('DELETE FROM query_tag WHERE tag = ?'),
    owners: database.prepare(
      `SELECT s.study, s.id AS series, i.version AS instance FROM instance AS i CROSS JOIN series AS s ON s.id = i.series
       WHERE i.version = ?`,
    ),
    addValue: database.prepare(
      `INSERT INTO value (level, tag, text, number, words, owner) SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE NOT EXISTS (SELECT 1 FROM value WHERE level = ?1 AND owner = ?6 AND tag = ?2)`,
    ),
    addError: database.prepare('INSERT OR IGNORE INTO query_tag_error VALUES (?, ?, ?, ?)'),
    disable: database.prepare('UPDATE query_tag SET enabled = 0 WHERE tag = ?'),
  };
}

export class QueryTagWriter {
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #clock: () => number;

  constructor(database: DatabaseSync, clock: () => number = Date.now) {
    this.#run = prepareAll(database);
    this.#clock = clock;
  }

  add({ tags, operation, most }: { tags: readonly NewQueryTag[]; operation: string; most: number }): AddedTags {
    const owners = tags.map(({ tag }) => this.#run.operationOf.get(tag)?.operation);
    if (owners.every((owner) => owner === operation)) return 'added';
    if (owners.some((owner) => owner !== undefined)) return 'exists';
    if (Number(this.#run.count.get()?.count) + tags.length > most) return 'too-many';
    for (const { tag, vr, creator = null, level } of tags) {
      this.#run.add.run(tag, vr, creator, levels.indexOf(level), operation);
    }
    this.#run.changed.run();
    return 'added';
  }

  enable({ tag, enabled }: { tag: number; enabled: boolean }): boolean {
    return this.#run.enable.run(Number(enabled), tag).changes === 1;
  }

  complete(operation: string): void {
    this.#run.complete.run(operation);
  }

  beginRemoval(tag: number): void {
    this.#run.beginRemoval.run(tag);
    this.#run.changed.run();
  }

  remove({ tag, limit }: { tag: number; limit: number }): boolean {
    if (!this.#run.isGoing.get(tag)) return true;
    if (Number(this.#run.removeValues.run(tag, limit).changes) === limit) return false;
    this.#run.removeErrors.run(tag);
    this.#run.remove.run(tag);
    return true;
  }

  addLateValues(late: readonly LateValues[]): void {
    for (const { version, values, faults } of late) {
      const owners = this.#run.owners.get(version);
      if (!owners) continue;
      for (const { level, tag, text = null, number = null, words = null } of values) {
        this.#run.addValue.run(levels.indexOf(level), tag, text, number, words, Number(owners[level]));
      }
      for (const { tag, fault } of faults) {
        if (this.#run.addError.run(tag, version, this.#clock(), fault).changes > 0) this.#run.disable.run(tag);
      }
    }
  }
}
