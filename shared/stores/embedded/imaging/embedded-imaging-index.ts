/** The imaging index on SQLite: one thread writes, one reads. */
import type { DatabaseSync } from 'node:sqlite';
import type {
  ChangesQuery,
  Counts,
  Found,
  ImagingChange,
  ImagingIndex,
  ImagingQuery,
  InstanceMetadata,
  InstanceScope,
  NewInstance,
  Partition,
  StoredInstance,
  StoreResult,
  UpdateResult,
} from '../../imaging/imaging-index.ts';
import type { AddedTags, LateValues, NewQueryTag, QueryTagError, QueryTags } from '../../imaging/query-tags.ts';
import { openWriter } from '../connection.ts';
import { migrate } from '../schema.ts';
import { Thread } from '../thread.ts';
import type { ImagingReaderCalls } from './imaging-reader-thread.ts';
import { imagingMigrations } from './imaging-schema.ts';
import type { ImagingWriterCalls } from './imaging-writer-thread.ts';
import { VersionReserve } from './version-reserve.ts';

export class EmbeddedImagingIndex implements ImagingIndex {
  readonly #file: string;
  #startedWriter: Thread<ImagingWriterCalls> | undefined;
  #startedReader: Thread<ImagingReaderCalls> | undefined;
  /** When it was opened. */
  readonly #hadUnfinished: boolean;
  readonly #versions = new VersionReserve((count) => this.#writer.call('begin', count));
  readonly #onClose: () => void;
  #closed: Promise<void> | undefined;

  /** `file` is made, or brought to the newest schema. */
  constructor(file: string, onClose: () => void) {
    const database = openWriter(file);
    migrate(database, imagingMigrations);
    this.#hadUnfinished = hasUnfinished(database);
    database.close();
    this.#file = file;
    this.#onClose = onClose;
  }

  /** Threads start when they are first needed: a service that nobody uses has none. */
  get #writer(): Thread<ImagingWriterCalls> {
    this.#mustBeOpen();
    this.#startedWriter ??= new Thread(new URL('./imaging-writer-thread.ts', import.meta.url), this.#file);
    return this.#startedWriter;
  }

  get #reader(): Thread<ImagingReaderCalls> {
    this.#mustBeOpen();
    this.#startedReader ??= new Thread(new URL('./imaging-reader-thread.ts', import.meta.url), this.#file);
    return this.#startedReader;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('The store is closed.');
  }

  partitions(): Promise<readonly Partition[]> {
    return this.#reader.call('partitions', undefined);
  }

  addPartition(name: string): Promise<void> {
    return this.#writer.call('addPartition', name);
  }

  begin(): Promise<number> {
    return this.#versions.take();
  }

  store(instance: NewInstance, replace: boolean): Promise<StoreResult> {
    return this.#writer.call('store', { instance, replace });
  }

  update(instance: NewInstance, of: number): Promise<UpdateResult> {
    return this.#writer.call('update', { instance, of });
  }

  abandon(version: number): Promise<void> {
    return this.#writer.call('abandon', version);
  }

  remove(scope: InstanceScope): Promise<number> {
    return this.#writer.call('remove', scope);
  }

  instances(scope: InstanceScope, limit: number, after?: number): Promise<readonly StoredInstance[]> {
    return this.#reader.call('instances', { scope, limit, after });
  }

  metadata(scope: InstanceScope, limit: number, after?: number): Promise<readonly InstanceMetadata[]> {
    return this.#reader.call('metadata', { scope, limit, after });
  }

  stamp(scope: InstanceScope): Promise<{ count: number; version: number }> {
    return this.#reader.call('stamp', scope);
  }

  search(query: ImagingQuery, limit: number, offset: number): Promise<readonly Found[]> {
    return this.#reader.call('search', { query, limit, offset });
  }

  counts(scope: InstanceScope): Promise<Counts> {
    return this.#reader.call('counts', scope);
  }

  changes(query: ChangesQuery): Promise<readonly ImagingChange[]> {
    return this.#reader.call('changes', query);
  }

  lastChange(): Promise<ImagingChange | undefined> {
    return this.#reader.call('lastChange', undefined);
  }

  /** Without the versions in reserve, which are begun. */
  async leftovers(times: { removedBefore: number; begunBefore: number }, limit: number): Promise<readonly number[]> {
    const held = this.#versions.held();
    const found = await this.#reader.call('leftovers', { times, limit: limit + held.size });
    return found.filter((version) => !held.has(version)).slice(0, limit);
  }

  cleaned(versions: readonly number[]): Promise<void> {
    return this.#writer.call('cleaned', versions);
  }

  queryTags(): Promise<QueryTags> {
    return this.#reader.call('queryTags', undefined);
  }

  addQueryTags(tags: readonly NewQueryTag[], operation: string, most: number): Promise<AddedTags> {
    return this.#writer.call('addQueryTags', { tags, operation, most });
  }

  enableQueryTag(tag: number, enabled: boolean): Promise<boolean> {
    return this.#writer.call('enableQueryTag', { tag, enabled });
  }

  completeQueryTags(operation: string): Promise<void> {
    return this.#writer.call('completeQueryTags', operation);
  }

  beginQueryTagRemoval(tag: number): Promise<void> {
    return this.#writer.call('beginQueryTagRemoval', tag);
  }

  removeQueryTag(tag: number, limit: number): Promise<boolean> {
    return this.#writer.call('removeQueryTag', { tag, limit });
  }

  queryTagErrors(tag: number, limit: number, offset: number): Promise<readonly QueryTagError[]> {
    return this.#reader.call('queryTagErrors', { tag, limit, offset });
  }

  metadataBelow(below: number, limit: number): Promise<readonly InstanceMetadata[]> {
    return this.#reader.call('metadataBelow', { below, limit });
  }

  addLateValues(late: readonly LateValues[]): Promise<void> {
    return this.#writer.call('addLateValues', late);
  }

  async hasUnfinished(): Promise<boolean> {
    return this.#hadUnfinished || this.#startedWriter !== undefined;
  }

  /** A write of nothing still waits for the disk. Where nothing was asked of a thread, nothing can fail. */
  async check(): Promise<void> {
    await Promise.all([this.#startedReader?.call('lastChange', undefined), this.#startedWriter?.call('cleaned', [])]);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#startedReader?.close();
    await this.#startedWriter?.close();
    this.#onClose();
  }
}

function hasUnfinished(database: DatabaseSync): boolean {
  const found = database
    .prepare(
      "SELECT EXISTS (SELECT 1 FROM leftover) OR EXISTS (SELECT 1 FROM query_tag WHERE status = 'deleting') AS found",
    )
    .get();
  return found?.found === 1;
}
