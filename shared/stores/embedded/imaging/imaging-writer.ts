/** What changes the index. Each method runs inside a transaction of its caller's. */
import type { DatabaseSync } from 'node:sqlite';
import {
  type ChangeAction,
  type InstanceKey,
  type InstanceScope,
  levels,
  type NewInstance,
  type StoreResult,
  type UpdateResult,
} from '../../imaging/imaging-index.ts';
import { inScope } from './scope.ts';

interface Existing {
  readonly version: number;
  /** Of its original file, where it was updated. */
  readonly original: number | null;
}

interface Removed extends Existing {
  readonly partition: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly seriesId: number;
  readonly studyId: number;
}

function prepareAll(database: DatabaseSync) {
  return {
    nextVersions: database.prepare(
      'UPDATE store SET last_version = last_version + ? RETURNING last_version AS version',
    ),
    now: database.prepare('UPDATE store SET last_time = max(last_time, ?) RETURNING last_time AS time'),
    existing: database.prepare(
      `SELECT i.version, i.original FROM study AS t CROSS JOIN series AS s ON s.study = t.id AND s.uid = ?3
       CROSS JOIN instance AS i ON i.series = s.id AND i.uid = ?4 WHERE t.partition = ?1 AND t.uid = ?2`,
    ),
    putStudy: database.prepare(
      `INSERT INTO study (partition, uid, version, shown) VALUES (?, ?, ?, ?) ON CONFLICT (partition, uid)
       DO UPDATE SET version = excluded.version, shown = excluded.shown RETURNING id`,
    ),
    putSeries: database.prepare(
      `INSERT INTO series (study, uid, version, shown) VALUES (?, ?, ?, ?) ON CONFLICT (study, uid)
       DO UPDATE SET version = excluded.version, shown = excluded.shown RETURNING id`,
    ),
    addInstance: database.prepare('INSERT INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    removeInstance: database.prepare('DELETE FROM instance WHERE version = ?'),
    addOriginal: database.prepare(
      'INSERT INTO original SELECT version, length, transfer_syntax, frames, metadata FROM instance WHERE version = ?',
    ),
    removeOriginal: database.prepare('DELETE FROM original WHERE version = ?'),
    removeValues: database.prepare('DELETE FROM value WHERE level = ? AND owner = ?'),
    /** A query tag keeps the value of the newest instance that has one. */
    replaceValues: database.prepare(
      'DELETE FROM value WHERE level = ? AND owner = ? AND tag NOT IN (SELECT tag FROM query_tag)',
    ),
    replaceValue: database.prepare('DELETE FROM value WHERE level = ? AND owner = ? AND tag = ?'),
    removeErrors: database.prepare('DELETE FROM query_tag_error WHERE version = ?'),
    tagsVersion: database.prepare('SELECT tags_version AS version FROM store'),
    addValue: database.prepare('INSERT INTO value (level, tag, text, number, words, owner) VALUES (?, ?, ?, ?, ?, ?)'),
    addChange: database.prepare(
      `INSERT INTO change (sequence, time, action, partition, study, series, instance, version)
       VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM change), ?, ?, ?, ?, ?, ?, ?) RETURNING sequence`,
    ),
    addLeftover: database.prepare('INSERT OR REPLACE INTO leftover VALUES (?, ?, ?)'),
    removeLeftover: database.prepare('DELETE FROM leftover WHERE version = ?'),
    removeEmptySeries: database.prepare(
      'DELETE FROM series WHERE id = ? AND NOT EXISTS (SELECT 1 FROM instance WHERE series = series.id) RETURNING id',
    ),
    addPartition: database.prepare('INSERT OR IGNORE INTO partition (name, created) VALUES (?, ?)'),
    removeEmptyStudy: database.prepare(
      'DELETE FROM study WHERE id = ? AND NOT EXISTS (SELECT 1 FROM series WHERE study = study.id) RETURNING id',
    ),
  };
}

/** A level's number in the table of values. */
const levelNumber = { study: 0, series: 1, instance: 2 } as const;

export class ImagingWriter {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #clock: () => number;

  constructor(database: DatabaseSync, clock: () => number = Date.now) {
    this.#database = database;
    this.#run = prepareAll(database);
    this.#clock = clock;
  }

  /** Begins `count` versions; the first of them. */
  begin(count: number): number {
    const last = Number(this.#run.nextVersions.get(count)?.version);
    const time = this.#now();
    for (let version = last - count + 1; version <= last; version += 1) this.#run.addLeftover.run(version, 0, time);
    return last - count + 1;
  }

  store(instance: NewInstance, replace: boolean): StoreResult {
    const { key, version, tagsVersion } = instance;
    const existing = this.#existing(key);
    if (existing && !replace) return { done: false, reason: 'exists' };
    if (this.#run.tagsVersion.get()?.version !== tagsVersion) return { done: false, reason: 'other-tags' };
    if (existing) this.#takeAway(existing);
    this.#put(instance, null);
    return { done: true, sequence: this.#log(existing ? 'update' : 'create', key, version, this.#now()) };
  }

  update(instance: NewInstance, of: number): UpdateResult {
    const { key, version, tagsVersion } = instance;
    const existing = this.#existing(key);
    if (existing?.version !== of) return { done: false, reason: 'gone' };
    if (this.#run.tagsVersion.get()?.version !== tagsVersion) return { done: false, reason: 'other-tags' };
    if (existing.original === null) this.#run.addOriginal.run(of);
    else this.#run.addLeftover.run(of, 1, this.#now());
    this.#removeInstance(of);
    this.#put(instance, existing.original ?? of);
    this.#log('update', key, version, this.#now());
    return { done: true };
  }

  #put(instance: NewInstance, original: number | null): void {
    const owners = this.#putLevels(instance, original);
    for (const level of levels) {
      const number = levelNumber[level];
      this.#run.replaceValues.run(number, owners[level]);
      for (const value of instance.values) {
        if (value.level !== level) continue;
        const { tag, text = null, number: amount = null, words = null } = value;
        this.#run.replaceValue.run(number, owners[level], tag);
        this.#run.addValue.run(number, tag, text, amount, words, owners[level]);
      }
    }
    this.#run.removeLeftover.run(instance.version);
  }

  abandon(version: number): void {
    this.#run.addLeftover.run(version, 1, 0);
  }

  remove(scope: InstanceScope): number {
    const { joins, where, parameters } = inScope(scope);
    const found = this.#database
      .prepare(
        `SELECT i.version, i.original, t.partition, t.uid AS study, s.uid AS series, i.uid AS instance, s.id AS seriesId, t.id AS studyId
         FROM ${joins} WHERE ${where} ORDER BY i.version`,
      )
      .all(...parameters) as unknown as Removed[];
    const time = this.#now();
    for (const { version, original, ...key } of found) {
      this.#takeAway({ version, original });
      this.#log('delete', key, version, time);
    }
    for (const id of new Set(found.map(({ seriesId }) => seriesId))) {
      if (this.#run.removeEmptySeries.get(id)) this.#run.removeValues.run(levelNumber.series, id);
    }
    for (const id of new Set(found.map(({ studyId }) => studyId))) {
      if (this.#run.removeEmptyStudy.get(id)) this.#run.removeValues.run(levelNumber.study, id);
    }
    return found.length;
  }

  addPartition(name: string): void {
    this.#run.addPartition.run(name, this.#now());
  }

  cleaned(versions: readonly number[]): void {
    for (const version of versions) this.#run.removeLeftover.run(version);
  }

  #existing({ partition, study, series, instance }: InstanceKey): Existing | undefined {
    return this.#run.existing.get(partition, study, series, instance) as Existing | undefined;
  }

  #putLevels({ key, version, length, transferSyntax, frames, shown, metadata }: NewInstance, original: number | null) {
    const study = Number(this.#run.putStudy.get(key.partition, key.study, version, shown.study)?.id);
    const series = Number(this.#run.putSeries.get(study, key.series, version, shown.series)?.id);
    this.#run.addInstance.run(
      version,
      series,
      key.instance,
      length,
      transferSyntax,
      frames ?? null,
      shown.instance,
      metadata,
      original,
    );
    return { study, series, instance: version };
  }

  /** The instance no longer counts; its files are left over from now on. */
  #takeAway({ version, original }: Existing): void {
    this.#removeInstance(version);
    this.#run.addLeftover.run(version, 1, this.#now());
    if (original === null) return;
    this.#run.removeOriginal.run(original);
    this.#run.addLeftover.run(original, 1, this.#now());
  }

  #removeInstance(version: number): void {
    this.#run.removeInstance.run(version);
    this.#run.removeValues.run(levelNumber.instance, version);
    this.#run.removeErrors.run(version);
  }

  #log(action: ChangeAction, key: InstanceKey, version: number, time: number): number {
    const { partition, study, series, instance } = key;
    return Number(this.#run.addChange.get(time, action, partition, study, series, instance, version)?.sequence);
  }

  /** Never goes back, whatever the clock does. */
  #now(): number {
    return Number(this.#run.now.get(this.#clock())?.time);
  }
}
