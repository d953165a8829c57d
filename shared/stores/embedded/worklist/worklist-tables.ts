/** What reads and changes the tables of a worklist. Changes run inside a transaction of their caller's. */
import type { DatabaseSync } from 'node:sqlite';
import type {
  NewWorkitem,
  StoredWorkitem,
  WorkitemFilter,
  WorkitemKey,
  WorkitemValue,
} from '../../worklist/worklist.ts';
import { wordsMatch } from '../imaging/search-sql.ts';
import { filterTests } from './filter-tests.ts';
import { SubscriptionTables } from './subscription-tables.ts';

const columns = 'uid, revision, transaction_uid AS claimed, data_set AS dataSet';

function prepareAll(database: DatabaseSync) {
  return {
    create: database.prepare(
      `INSERT INTO workitem (partition, uid, revision, transaction_uid, data_set) VALUES (?, ?, 1, ?, ?)
       ON CONFLICT DO NOTHING RETURNING id`,
    ),
    read: database.prepare(`SELECT ${columns} FROM workitem WHERE partition = ? AND uid = ?`),
    replace: database.prepare(
      `UPDATE workitem SET revision = revision + 1, transaction_uid = ?, data_set = ?
       WHERE partition = ? AND uid = ? AND revision = ? RETURNING id`,
    ),
    addValue: database.prepare('INSERT INTO value (path, text, words, owner) VALUES (?, ?, ?, ?)'),
    removeValues: database.prepare('DELETE FROM value WHERE owner = ?'),
  };
}

export class WorklistTables {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly subscriptions: SubscriptionTables;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#run = prepareAll(database);
    this.subscriptions = new SubscriptionTables(database);
    database.function('words_match', { deterministic: true }, (words, asked) =>
      wordsMatch(String(words), String(asked)) ? 1 : 0,
    );
  }

  create({ key, transaction, dataSet, values, events }: NewWorkitem): boolean {
    const row = this.#run.create.get(key.partition, key.uid, transaction ?? null, dataSet);
    if (row === undefined) return false;
    this.#addValues(Number(row.id), values);
    this.subscriptions.tell(key, events);
    return true;
  }

  replace({ key, transaction, dataSet, values, events }: NewWorkitem, revision: number): boolean {
    const row = this.#run.replace.get(transaction ?? null, dataSet, key.partition, key.uid, revision);
    if (row === undefined) return false;
    this.#run.removeValues.run(Number(row.id));
    this.#addValues(Number(row.id), values);
    this.subscriptions.tell(key, events);
    return true;
  }

  read({ partition, uid }: WorkitemKey): StoredWorkitem | undefined {
    const row = this.#run.read.get(partition, uid);
    return row && stored(partition, row);
  }

  search(partition: string, filters: readonly WorkitemFilter[], limit: number, offset: number): StoredWorkitem[] {
    const where = ['partition = ?'];
    const parameters: (string | number)[] = [partition];
    const tests = filterTests(filters);
    where.push(...tests.texts);
    parameters.push(...tests.parameters);
    return this.#database
      .prepare(`SELECT ${columns} FROM workitem WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ? OFFSET ?`)
      .all(...parameters, limit, offset)
      .map((row) => stored(partition, row));
  }

  #addValues(owner: number, values: readonly WorkitemValue[]): void {
    for (const { path, text, words = null } of values) this.#run.addValue.run(path, text, words, owner);
  }
}

function stored(partition: string, row: Record<string, unknown>): StoredWorkitem {
  return {
    key: { partition, uid: String(row.uid) },
    revision: Number(row.revision),
    transaction: row.claimed === null ? undefined : String(row.claimed),
    dataSet: row.dataSet as Uint8Array,
  };
}
