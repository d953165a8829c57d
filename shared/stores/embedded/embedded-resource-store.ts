/** The resource port on SQLite: reads by id right here, commits and searches on threads of their own. */
import type { DatabaseSync } from 'node:sqlite';
import type { LatestQuery } from '../resources/latest.ts';
import type { ParameterChange, StoredParameters } from '../resources/parameter-status.ts';
import { type Include, type Query, QueryTooLarge } from '../resources/query.ts';
import type {
  Change,
  CommitResult,
  Cursor,
  Guard,
  HistoryQuery,
  Included,
  IncludeOptions,
  ResourceKey,
  ResourceStore,
  Rewrite,
  SearchPage,
  StoredResource,
} from '../resources/resource-store.ts';
import { openReader } from './connection.ts';
import { checkSize } from './query/limits.ts';
import { ParameterRecords } from './read/parameter-records.ts';
import { defaultSearchTime, ReaderThreads, type SearchTime } from './read/reader-threads.ts';
import { StoredVersions } from './read/stored-versions.ts';
import { Thread } from './thread.ts';
import { pack } from './write/packed-bodies.ts';
import type { WriterCalls } from './write/writer-thread.ts';

export class EmbeddedResourceStore implements ResourceStore {
  /** 32 random bytes that stay with the database. */
  readonly signingKey: Uint8Array;
  readonly #database: DatabaseSync;
  readonly #versions: StoredVersions;
  readonly #parameters: ParameterRecords;
  readonly #writer: Thread<WriterCalls>;
  readonly #reader: ReaderThreads;
  readonly #onClose: () => void;
  #closed: Promise<void> | undefined;

  /** `file`: a database with the newest schema. */
  constructor(file: string, signingKey: Uint8Array, onClose: () => void, time: SearchTime = defaultSearchTime) {
    this.signingKey = signingKey;
    this.#database = openReader(file);
    this.#versions = new StoredVersions(this.#database);
    this.#parameters = new ParameterRecords(this.#database);
    this.#writer = new Thread(new URL('./write/writer-thread.ts', import.meta.url), file);
    this.#reader = new ReaderThreads(file, time);
    this.#onClose = onClose;
  }

  async read(key: ResourceKey): Promise<StoredResource | undefined> {
    return this.#versions.current(key);
  }

  async readVersion(key: ResourceKey, version: number): Promise<StoredResource | undefined> {
    return this.#versions.version(key, version);
  }

  async commit(
    changes: readonly Change[],
    guards: readonly Guard[] = [],
    parameters?: ParameterChange,
  ): Promise<CommitResult> {
    for (const { query } of guards) checkSize(query);
    const packed = pack(changes);
    return this.#writer.call('commit', { ...packed, guards, parameters }, [packed.bodies.buffer]);
  }

  async reindex(rewrites: readonly Rewrite[], indexedWith: number): Promise<number | undefined> {
    const result = await this.#writer.call('reindex', { rewrites, indexedWith });
    return result.done ? result.stamps.length : undefined;
  }

  async parameters(known?: number): Promise<StoredParameters | undefined> {
    return this.#parameters.changedSince(known);
  }

  async search(query: Query, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage> {
    checkSize(query);
    return this.#reader.call('search', { query, limit, after, mostBytes });
  }

  async count(query: Query, most?: number): Promise<number> {
    checkSize(query);
    return this.#reader.call('count', { query, most });
  }

  async include(
    from: readonly ResourceKey[],
    include: readonly Include[],
    limit: number,
    { after, besides = [], within, mostBytes }: IncludeOptions = {},
  ): Promise<Included> {
    checkSize({ where: within });
    const options = { after, besides: besides.map(keyOf), within, mostBytes };
    return this.#reader.call('include', { from: from.map(keyOf), include, limit, options });
  }

  async latest(query: LatestQuery, most: number): Promise<readonly (readonly StoredResource[])[]> {
    checkSize(query.query);
    const groups = await this.#reader.call('latest', { query, most });
    if (!groups)
      throw new QueryTooLarge('The latest of each code are too many: ask for fewer codes, or a smaller max.');
    return groups;
  }

  async history(query: HistoryQuery, limit: number, after?: Cursor, mostBytes?: number): Promise<SearchPage> {
    checkSize({ where: query.within });
    return this.#reader.call('history', { query, limit, after, mostBytes });
  }

  async countHistory(query: HistoryQuery): Promise<number> {
    checkSize({ where: query.within });
    return this.#reader.call('countHistory', { query });
  }

  /** A commit without changes still writes: it fails when the disk is full. */
  async check(): Promise<void> {
    await Promise.all([this.countHistory({ type: '', id: '', oldestFirst: true }), this.commit([])]);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#database.close();
    await this.#reader.close();
    // The last to close moves the log into the database, which a reader may not.
    await this.#writer.close();
    this.#onClose();
  }
}

/** Without the bodies that a resource may bring along: they would be copied to the thread. */
function keyOf({ type, id }: ResourceKey): ResourceKey {
  return { type, id };
}
