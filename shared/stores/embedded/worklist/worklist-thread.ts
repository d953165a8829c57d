/** The thread that owns the one connection of a worklist. Changes share commits; reads go between them. */
import type { NewWorkitem, StoredWorkitem, WorkitemFilter, WorkitemKey } from '../../worklist/worklist.ts';
import { openWriter } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { BatchedWrites } from '../write/batched-writes.ts';
import { WorklistTables } from './worklist-tables.ts';

export interface WorklistCalls {
  create(workitem: NewWorkitem): boolean;
  read(key: WorkitemKey): StoredWorkitem | undefined;
  replace(request: { workitem: NewWorkitem; revision: number }): boolean;
  search(request: {
    partition: string;
    filters: readonly WorkitemFilter[];
    limit: number;
    offset: number;
  }): StoredWorkitem[];
  check(request: undefined): void;
}

const database = openWriter(threadData<string>());
const tables = new WorklistTables(database);
const batches = new BatchedWrites(database);

serveThread<WorklistCalls>(
  {
    create: (workitem, answer) => batches.add({ run: () => tables.create(workitem), answer }),
    read: (key, answer) => answer(tables.read(key)),
    replace: ({ workitem, revision }, answer) => batches.add({ run: () => tables.replace(workitem, revision), answer }),
    search: ({ partition, filters, limit, offset }, answer) => answer(tables.search(partition, filters, limit, offset)),
    check: (_, answer) => batches.add({ run: () => {}, answer }),
  },
  () => {
    batches.flush();
    database.close();
  },
);
