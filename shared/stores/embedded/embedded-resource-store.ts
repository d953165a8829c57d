/** The resource port on SQLite: a writing thread, a reading thread for searches, and point reads right here. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Include, Query } from '../resources/query.ts';
import type {
  Change,
  CommitResult,
  Cursor,
  Guard,
  HistoryQuery,
  Included,
  ResourceKey,
  ResourceStore,
  SearchPage,
  StoredResource,
} from '../resources/resource-store.ts';
import type { Batch, BatchResult } from './commit-request.ts';
import { compileHistory, compileHistoryCount } from './compile/history.ts';
import { compileInclude } from './compile/include.ts';
import { compilePage } from './compile/page.ts';
import { compileCount } from './compile/select.ts';
import { openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { Searcher } from './searcher.ts';
import { Thread } from './thread.ts';

const columns = 'position, type, id, version, updated, method, deleted, body';
type Row = Record<string, unknown>;

export class EmbeddedResourceStore implements ResourceStore {
  /** 32 bytes that belong to this database. */
  readonly signingKey: Uint8Array;
  private readonly reader: DatabaseSync;
  private readonly readCurrent: StatementSync;
  private readonly readOne: StatementSync;
  private readonly searcher: Searcher;
  private readonly writer: Thread<Batch, BatchResult>;
  private readonly group: GroupCommit;

  /** `path`: a database that is there and has the newest schema. */
  constructor(path: string) {
    this.reader = openDatabase(path, 'read');
    const key = this.reader.prepare("SELECT value FROM secret WHERE name = 'signing-key'").get() as {
      value: Uint8Array;
    };
    this.signingKey = key.value;
    this.readCurrent = this.reader.prepare(
      `SELECT ${columns} FROM version WHERE position = (SELECT position FROM resource WHERE type = ? AND id = ?)`,
    );
    this.readOne = this.reader.prepare(`SELECT ${columns} FROM version WHERE type = ? AND id = ? AND version = ?`);
    this.searcher = new Searcher(path);
    this.writer = new Thread(new URL('./writer-thread.ts', import.meta.url), { path });
    this.group = new GroupCommit((batch) => this.write(batch));
  }

  async read({ type, id }: ResourceKey): Promise<StoredResource | undefined> {
    return storedOf(this.readCurrent.get(type, id));
  }

  async readVersion({ type, id }: ResourceKey, version: number): Promise<StoredResource | undefined> {
    return storedOf(this.readOne.get(type, id, version));
  }

  async commit(changes: readonly Change[], guards: readonly Guard[] = []): Promise<CommitResult> {
    if (changes.length === 0 && guards.length === 0) return { done: true, stamps: [] };
    const compiled = guards.map(({ query, found }) => ({ search: compilePage(query, 1), found }));
    return this.group.commit({ changes, guards: compiled });
  }

  async search(query: Query, limit: number, after?: Cursor): Promise<SearchPage> {
    const rows = await this.searcher.rows(compilePage(query, limit, after));
    return pageOf(rows, limit);
  }

  async count(query: Query): Promise<number> {
    return totalOf(await this.searcher.rows(compileCount(query)));
  }

  async include(from: readonly StoredResource[], include: readonly Include[], limit: number): Promise<Included> {
    if (from.length === 0 || include.length === 0) return { resources: [], truncated: false };
    const positions = JSON.stringify(from.map(({ position }) => position));
    const { matches, next } = pageOf(await this.searcher.rows(compileInclude(positions, include, limit)), limit);
    return { resources: matches, truncated: next !== undefined };
  }

  async history(query: HistoryQuery, limit: number, after?: Cursor): Promise<SearchPage> {
    return pageOf(await this.searcher.rows(compileHistory(query, limit, after)), limit);
  }

  async countHistory(query: HistoryQuery): Promise<number> {
    return totalOf(await this.searcher.rows(compileHistoryCount(query)));
  }

  async check(): Promise<void> {
    this.reader.prepare('SELECT count(*) FROM counter').get();
    // An empty batch still writes the counters: it fails when the disk is full.
    await this.group.commit({ changes: [], guards: [] });
  }

  async close(): Promise<void> {
    await this.group.settled();
    await this.searcher.close();
    this.reader.close();
    await this.writer.close();
  }

  private write(batch: Batch): Promise<BatchResult> {
    return new Promise((resolve, reject) => {
      this.writer.listen(resolve, reject);
      this.writer.send(batch);
    });
  }
}

function storedOf(row: Row | undefined): StoredResource | undefined {
  if (!row) return undefined;
  return { ...(row as unknown as StoredResource), deleted: row.deleted === 1 };
}

/** `rows` has one more than `limit` when there is a next page. The cursor: sort values of the last row, its position. */
function pageOf(rows: readonly Row[], limit: number): SearchPage {
  const matches = rows.slice(0, limit).map((row) => storedOf(row) as StoredResource);
  const last = rows[limit - 1];
  if (rows.length <= limit || !last) return { matches, next: undefined };
  const keys: (string | number | null)[] = [];
  for (let index = 0; `k${index}` in last; index += 1) keys.push(last[`k${index}`] as string | number | null);
  return { matches, next: [...keys, last.position as number] };
}

function totalOf(rows: readonly Row[]): number {
  return Number(rows[0]?.total ?? 0);
}
