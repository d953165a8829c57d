/** The thread that owns the one connection that writes the index. */
import type { InstanceScope, NewInstance, StoreResult, UpdateResult } from '../../imaging/imaging-index.ts';
import type { AddedTags, LateValues, NewQueryTag } from '../../imaging/query-tags.ts';
import { openWriter } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { BatchedWrites } from '../write/batched-writes.ts';
import { ImagingWriter } from './imaging-writer.ts';
import { QueryTagWriter } from './query-tag-writer.ts';

export interface ImagingWriterCalls {
  /** The first of so many versions. */
  begin(count: number): number;
  store(request: { instance: NewInstance; replace: boolean }): StoreResult;
  update(request: { instance: NewInstance; of: number }): UpdateResult;
  abandon(version: number): void;
  remove(scope: InstanceScope): number;
  cleaned(versions: readonly number[]): void;
  addPartition(name: string): void;
  addQueryTags(request: { tags: readonly NewQueryTag[]; operation: string; most: number }): AddedTags;
  enableQueryTag(request: { tag: number; enabled: boolean }): boolean;
  completeQueryTags(operation: string): void;
  beginQueryTagRemoval(tag: number): void;
  removeQueryTag(request: { tag: number; limit: number }): boolean;
  addLateValues(late: readonly LateValues[]): void;
}

const database = openWriter(threadData<string>());
const writer = new ImagingWriter(database);
const tags = new QueryTagWriter(database);
const batches = new BatchedWrites(database);

serveThread<ImagingWriterCalls>(
  {
    begin: (count, answer) => batches.add({ run: () => writer.begin(count), answer }),
    store: ({ instance, replace }, answer) => batches.add({ run: () => writer.store(instance, replace), answer }),
    update: ({ instance, of }, answer) => batches.add({ run: () => writer.update(instance, of), answer }),
    abandon: (version, answer) => batches.add({ run: () => writer.abandon(version), answer }),
    remove: (scope, answer) => batches.add({ run: () => writer.remove(scope), answer }),
    addPartition: (name, answer) => batches.add({ run: () => writer.addPartition(name), answer }),
    cleaned: (versions, answer) => batches.add({ run: () => writer.cleaned(versions), answer }),
    addQueryTags: (request, answer) => batches.add({ run: () => tags.add(request), answer }),
    enableQueryTag: (request, answer) => batches.add({ run: () => tags.enable(request), answer }),
    completeQueryTags: (operation, answer) => batches.add({ run: () => tags.complete(operation), answer }),
    beginQueryTagRemoval: (tag, answer) => batches.add({ run: () => tags.beginRemoval(tag), answer }),
    removeQueryTag: (request, answer) => batches.add({ run: () => tags.remove(request), answer }),
    addLateValues: (late, answer) => batches.add({ run: () => tags.addLateValues(late), answer }),
  },
  () => {
    batches.flush();
    database.close();
  },
);
