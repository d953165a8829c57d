/** The thread that owns the one connection that writes the index. */
import type { InstanceScope, NewInstance, StoreResult } from '../../imaging/imaging-index.ts';
import { openWriter } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { BatchedWrites } from './batched-writes.ts';
import { ImagingWriter } from './imaging-writer.ts';

export interface ImagingWriterCalls {
  begin(request: undefined): number;
  store(request: { instance: NewInstance; replace: boolean }): StoreResult;
  abandon(version: number): void;
  remove(scope: InstanceScope): number;
  cleaned(versions: readonly number[]): void;
  addPartition(name: string): void;
}

const database = openWriter(threadData<string>());
const writer = new ImagingWriter(database);
const batches = new BatchedWrites(database);

serveThread<ImagingWriterCalls>(
  {
    begin: (_, answer) => batches.add({ run: () => writer.begin(), answer }),
    store: ({ instance, replace }, answer) => batches.add({ run: () => writer.store(instance, replace), answer }),
    abandon: (version, answer) => batches.add({ run: () => writer.abandon(version), answer }),
    remove: (scope, answer) => batches.add({ run: () => writer.remove(scope), answer }),
    addPartition: (name, answer) => batches.add({ run: () => writer.addPartition(name), answer }),
    cleaned: (versions, answer) => batches.add({ run: () => writer.cleaned(versions), answer }),
  },
  () => {
    batches.flush();
    database.close();
  },
);
