/**
 * The worklist on SQLite. It is small beside the index of images, and many services never use theirs: one thread reads and
 * writes it, from the first request on.
 */
import type { NewWorkitem, StoredWorkitem, WorkitemFilter, WorkitemKey, Worklist } from '../../worklist/worklist.ts';
import type {
  NewSubscription,
  Subscriber,
  SubscriptionLimits,
  WorkitemEvent,
  WorklistSubscriptions,
} from '../../worklist/worklist-subscriptions.ts';
import { openWriter } from '../connection.ts';
import { migrate } from '../schema.ts';
import { Thread } from '../thread.ts';
import { worklistMigrations } from './worklist-schema.ts';
import type { WorklistCalls } from './worklist-thread.ts';

export class EmbeddedWorklist implements Worklist {
  readonly #file: string;
  readonly #onClose: () => void;
  #started: Thread<WorklistCalls> | undefined;
  #closed: Promise<void> | undefined;

  /** `file` is made, or brought to the newest schema. */
  constructor(file: string, onClose: () => void) {
    const database = openWriter(file);
    migrate(database, worklistMigrations);
    database.close();
    this.#file = file;
    this.#onClose = onClose;
  }

  create(workitem: NewWorkitem): Promise<boolean> {
    return this.#thread.call('create', workitem);
  }

  read(key: WorkitemKey): Promise<StoredWorkitem | undefined> {
    return this.#thread.call('read', key);
  }

  replace(workitem: NewWorkitem, revision: number): Promise<boolean> {
    return this.#thread.call('replace', { workitem, revision });
  }

  search(
    partition: string,
    filters: readonly WorkitemFilter[],
    limit: number,
    offset: number,
  ): Promise<readonly StoredWorkitem[]> {
    return this.#thread.call('search', { partition, filters, limit, offset });
  }

  subscribe(subscription: NewSubscription, limits: SubscriptionLimits): Promise<boolean> {
    return this.#thread.call('subscribe', { subscription, limits });
  }

  unsubscribe(subscriber: Subscriber, target: Parameters<WorklistSubscriptions['unsubscribe']>[1]): Promise<boolean> {
    return this.#thread.call('unsubscribe', { subscriber, target });
  }

  suspend(subscriber: Subscriber, kind: 'all' | 'filtered'): Promise<boolean> {
    return this.#thread.call('suspend', { subscriber, kind });
  }

  isWatched(key: WorkitemKey): Promise<boolean> {
    return this.#thread.call('isWatched', key);
  }

  forgetEvents(subscriber: Subscriber, number: number): Promise<void> {
    return this.#thread.call('forgetEvents', { subscriber, number });
  }

  nextEvents(subscriber: Subscriber, after: number, limit: number): Promise<readonly WorkitemEvent[] | undefined> {
    return this.#thread.call('nextEvents', { subscriber, after, limit });
  }

  /** A write of nothing still waits for the disk. Nothing was asked of a worklist without a thread: nothing can fail. */
  async check(): Promise<void> {
    await this.#started?.call('check', undefined);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  get #thread(): Thread<WorklistCalls> {
    if (this.#closed) throw new Error('The worklist is closed.');
    this.#started ??= new Thread(new URL('./worklist-thread.ts', import.meta.url), this.#file);
    return this.#started;
  }

  async #close(): Promise<void> {
    await this.#started?.close();
    this.#onClose();
  }
}
