/**
 * For tests: the stores that jobs work on, in a process that can die at any of its writes. A job store and a work queue
 * that are real, a clock that is moved by hand, and deliveries as a Storage queue makes them.
 */
import path from 'node:path';
import { EmbeddedJobStore } from '../../stores/embedded/job-store.ts';
import { temporaryFolder } from '../../stores/embedded/testing/temporary-folder.ts';
import { EmbeddedWorkQueue } from '../../stores/embedded/work-queue.ts';
import type { JobStore } from '../../stores/jobs/job-store.ts';
import type { WorkMessage } from '../../stores/queue/work-queue.ts';
import type { JobKind } from '../job-kind.ts';
import { type JobMessage, Jobs } from '../jobs.ts';
import { runJobMessage } from '../run-step.ts';

/** The process died. */
export class Died extends Error {}

const queueName = 'jobs';
const hiddenSeconds = 300;

export class FragileWorld<Context> {
  readonly kinds: readonly JobKind<Context>[];
  readonly context: Context;
  readonly errors: unknown[] = [];
  now = Date.UTC(2026, 0, 1);
  /** Writes so far, over all processes. */
  writes = 0;
  /** The process dies at this write: before it is done, or just after. */
  dieAt: { readonly write: number; readonly done: boolean } | undefined;
  readonly #folder = temporaryFolder();
  readonly #store: EmbeddedJobStore;
  readonly #queue: EmbeddedWorkQueue;
  #dead = false;
  #jobs: Jobs;

  constructor(kinds: readonly JobKind<Context>[], context: Context) {
    this.kinds = kinds;
    this.context = context;
    this.#store = new EmbeddedJobStore(path.join(this.#folder.path, 'jobs.db'), () => {});
    const file = path.join(this.#folder.path, 'queue.db');
    this.#queue = new EmbeddedWorkQueue(
      file,
      () => {},
      () => this.now,
    );
    this.#jobs = this.#newProcess();
  }

  get jobs(): Jobs {
    return this.#jobs;
  }

  /** A new process on the same data. `exclusive`: it knows that the one before is gone. */
  async restart(exclusive: boolean): Promise<void> {
    this.#dead = false;
    this.dieAt = undefined;
    this.#jobs = this.#newProcess();
    if (exclusive) await this.#jobs.resume();
  }

  /** A write of the living process; dies at the one that it is to die at. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Died();
    this.writes += 1;
    const dies = this.writes === this.dieAt?.write;
    if (dies && !this.dieAt?.done) this.#die();
    const result = await work();
    if (dies) this.#die();
    return result;
  }

  /** Messages that are visible now, each removed when its work ends well. False when there was none. */
  async deliver(order: 'first' | 'last' = 'first', twice = false): Promise<boolean> {
    const messages = await this.#queue.receive(queueName, 10, hiddenSeconds);
    for (const message of order === 'first' ? messages : messages.toReversed()) {
      await this.#work(message);
      if (twice) await this.#work(message);
    }
    return messages.length > 0;
  }

  /** Delivers and lets time pass until the job has ended; dies where it is to, and starts again. */
  async untilEnded(id: string, exclusive: boolean, order: 'first' | 'last' = 'first', twice = false): Promise<string> {
    for (let round = 0; round < 2000; round += 1) {
      const job = await this.#store.read('fhir', id);
      if (job && job.state !== 'Queued' && job.state !== 'Running') return job.state;
      const any = await this.deliver(order, twice);
      if (this.#dead) await this.restart(exclusive);
      else if (!any) this.now += 5000;
    }
    throw new Error('The job does not end.');
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#queue.close();
    this.#folder.remove();
  }

  async #work(message: WorkMessage): Promise<void> {
    try {
      await runJobMessage(this.#jobs, this.kinds, this.context, JSON.parse(message.text) as JobMessage);
      if (!this.#dead) await this.#queue.remove(queueName, message);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }

  #die(): never {
    this.#dead = true;
    throw new Died();
  }

  #newProcess(): Jobs {
    const store: JobStore = {
      create: (job, alone) => this.write(() => this.#store.create(job, alone)),
      read: (service, id) => this.#store.read(service, id),
      active: (service) => this.#store.active(service),
      replace: (job, revision) => this.write(() => this.#store.replace(job, revision)),
      close: async () => {},
    };
    return new Jobs({
      service: 'fhir',
      store,
      send: (message, delaySeconds) =>
        this.write(() => this.#queue.send(queueName, JSON.stringify(message), delaySeconds)),
      now: () => this.now,
      onError: (error) => this.errors.push(error),
    });
  }
}
