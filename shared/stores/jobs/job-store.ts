/**
 * The port for job documents: what long-running work has been asked for and how far it is. Every change is a
 * compare-and-swap of one document. The contract that every adapter must meet is in `job-store.contract.ts`.
 */

export type JobState = 'Queued' | 'Running' | 'Completed' | 'Failed' | 'Canceled';
/** Plain JSON. */
export type JobData = Readonly<Record<string, unknown>>;

export interface Job {
  readonly id: string;
  /** `reindex`: which steps it is made of. */
  readonly kind: string;
  /** The instance's name in workspace.json. */
  readonly service: string;
  /** What was asked for; never changes. */
  readonly definition: JobData;
  readonly state: JobState;
  /** Grows by one with each checkpoint; a message names the step that it asks for. */
  readonly step: number;
  /** Where the next step begins, and what is counted so far. */
  readonly progress: JobData;
  /** Why it failed. Holds no personal data. */
  readonly failure: string | null;
  /** Times this step was begun. */
  readonly attempts: number;
  /** Who works on it: a number that grows with each claim, valid until then. A checkpoint needs the latest one. */
  readonly lease: { readonly token: number; readonly until: number };
  /** Milliseconds since 1970. */
  readonly queued: number;
  readonly started: number | null;
  readonly changed: number;
  readonly ended: number | null;
}

export type StoredJob = Job & { readonly revision: number };

/** Ended jobs of a kind and service that are kept, the newest; older ones may go when another is created. */
export const keptJobs = 100;

export interface JobStore {
  /** Adds a job. `alone`: unless one of its kind and service is active, which is answered then. Durable when returned. */
  create(job: Job, alone: boolean): Promise<{ readonly job: StoredJob; readonly created: boolean }>;
  read(service: string, id: string): Promise<StoredJob | undefined>;
  /** The jobs of a service that are Queued or Running, oldest first. */
  active(service: string): Promise<readonly StoredJob[]>;
  /** Puts `job` in place of `revision` of it; false when that is not the latest. Durable when returned. */
  replace(job: Job, revision: number): Promise<boolean>;
  close(): Promise<void>;
}

export function isActive({ state }: Pick<Job, 'state'>): boolean {
  return state === 'Queued' || state === 'Running';
}
