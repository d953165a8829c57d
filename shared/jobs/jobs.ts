/**
 * The jobs of one service: asked for, read, cancelled. A job is a document and a chain of messages, one for each step;
 * `run-step.ts` has the steps, docs/jobs.md the rules.
 */
import { randomUUID } from 'node:crypto';
import { isActive, type Job, type JobData, type JobStore, type StoredJob } from '../stores/jobs/job-store.ts';

export type JobMessage = { readonly id: string; readonly step: number } | { readonly id: string; readonly watch: true };

export interface JobsParts {
  /** The instance's name in workspace.json. */
  readonly service: string;
  readonly store: JobStore;
  /** Puts a message on the queue of the jobs' background row. */
  readonly send: (message: JobMessage, delaySeconds?: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Gets what a step threw. */
  readonly onError: (error: unknown) => void;
}

/** A job that lost its message is found by its watcher after this time. */
export const watchSeconds = 30;

export class Jobs {
  readonly parts: JobsParts;

  constructor(parts: JobsParts) {
    this.parts = parts;
  }

  /** Starts a job; when one of its kind is active, answers that instead, unless it may run `besideOthers`. */
  async start(
    kind: string,
    definition: JobData,
    progress: JobData = {},
    besideOthers = false,
  ): Promise<{ job: StoredJob; created: boolean }> {
    const { service, store, send, now } = this.parts;
    const active = besideOthers ? undefined : (await store.active(service)).find((job) => job.kind === kind);
    if (active) return { job: active, created: false };
    const id = randomUUID();
    // The watcher comes first: whatever happens from here on, a job that exists is driven.
    await send({ id, watch: true }, watchSeconds);
    const at = now();
    const job: Job = {
      id,
      kind,
      service,
      definition,
      state: 'Queued',
      step: 0,
      progress,
      failure: null,
      attempts: 0,
      lease: { token: 0, until: 0 },
      queued: at,
      started: null,
      changed: at,
      ended: null,
    };
    const result = await store.create(job, !besideOthers);
    if (result.created) await send({ id, step: 0 });
    return result;
  }

  async read(kind: string, id: string): Promise<StoredJob | undefined> {
    const job = await this.parts.store.read(this.parts.service, id);
    return job?.kind === kind ? job : undefined;
  }

  async active(kind: string): Promise<StoredJob | undefined> {
    return (await this.parts.store.active(this.parts.service)).find((job) => job.kind === kind);
  }

  /** The job as it is afterwards: Canceled, or as it had ended before. A step that is under way cannot checkpoint any more. */
  async cancel(kind: string, id: string): Promise<StoredJob | undefined> {
    if (!(await this.read(kind, id))) return undefined;
    const at = this.parts.now();
    await this.change(id, (job) => isActive(job) && { ...job, state: 'Canceled', changed: at, ended: at });
    return this.read(kind, id);
  }

  /**
   * To be called once when the service opens and no other process can have its data: whoever held a lease is gone, and so
   * may be the message that it worked on.
   */
  async resume(): Promise<void> {
    const { service, store, send } = this.parts;
    for (const { id } of await store.active(service)) {
      const job = await this.change(id, (each) => isActive(each) && { ...each, lease: { ...each.lease, until: 0 } });
      if (job) await send({ id, step: job.step });
    }
  }

  /** Replaces the job by what `next` makes of it, tried again when another writer was faster; undefined when `next` declines. */
  async change(id: string, next: (job: StoredJob) => Job | false): Promise<StoredJob | undefined> {
    const { service, store } = this.parts;
    for (;;) {
      const job = await store.read(service, id);
      const replacement = job ? next(job) : false;
      if (!job || !replacement) return undefined;
      if (await store.replace(replacement, job.revision)) return { ...replacement, revision: job.revision + 1 };
    }
  }
}
