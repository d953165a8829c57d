/** The thread that owns the one connection of a worklist. Changes share commits; reads go between them. */
import type { NewWorkitem, StoredWorkitem, WorkitemFilter, WorkitemKey } from '../../worklist/worklist.ts';
import type {
  NewSubscription,
  Subscriber,
  SubscriptionLimits,
  WorkitemEvent,
  WorklistSubscriptions,
} from '../../worklist/worklist-subscriptions.ts';
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
  subscribe(request: { subscription: NewSubscription; limits: SubscriptionLimits }): boolean;
  unsubscribe(request: {
    subscriber: Subscriber;
    target: Parameters<WorklistSubscriptions['unsubscribe']>[1];
  }): boolean;
  suspend(request: { subscriber: Subscriber; kind: 'all' | 'filtered' }): boolean;
  isWatched(key: WorkitemKey): boolean;
  forgetEvents(request: { subscriber: Subscriber; number: number }): void;
  nextEvents(request: { subscriber: Subscriber; after: number; limit: number }): WorkitemEvent[] | undefined;
}

const database = openWriter(threadData<string>());
const tables = new WorklistTables(database);
const { subscriptions } = tables;
const batches = new BatchedWrites(database);

serveThread<WorklistCalls>(
  {
    create: (workitem, answer) => batches.add({ run: () => tables.create(workitem), answer }),
    read: (key, answer) => answer(tables.read(key)),
    replace: ({ workitem, revision }, answer) => batches.add({ run: () => tables.replace(workitem, revision), answer }),
    search: ({ partition, filters, limit, offset }, answer) => answer(tables.search(partition, filters, limit, offset)),
    subscribe: ({ subscription, limits }, answer) =>
      batches.add({ run: () => subscriptions.subscribe(subscription, limits), answer }),
    unsubscribe: ({ subscriber, target }, answer) =>
      batches.add({ run: () => subscriptions.unsubscribe(subscriber, target), answer }),
    suspend: ({ subscriber, kind }, answer) =>
      batches.add({ run: () => subscriptions.suspend(subscriber, kind), answer }),
    isWatched: (key, answer) => answer(subscriptions.isWatched(key)),
    nextEvents: ({ subscriber, after, limit }, answer) => answer(subscriptions.nextEvents(subscriber, after, limit)),
    forgetEvents: ({ subscriber, number }, answer) =>
      batches.add({ run: () => subscriptions.forgetEvents(subscriber, number), answer }),
    check: (_, answer) => batches.add({ run: () => {}, answer }),
  },
  () => {
    batches.flush();
    database.close();
  },
);
