/** What a kind of job is made of: steps that are short, and that may run twice without harm. */
import type { JobData, StoredJob } from '../stores/jobs/job-store.ts';

export interface StepResult {
  /** Where the next step begins, or what was achieved. */
  readonly progress: JobData;
  readonly done: boolean;
  /** Seconds until the next step. Default 0. */
  readonly delaySeconds?: number;
}

export interface JobKind<Context> {
  readonly kind: string;
  /**
   * One step from `job.progress` on: seconds, never minutes, and with a bound on what it holds in memory. It may be begun
   * again after it has done any part of its work, and, when a process hung for a minute, while it still runs elsewhere.
   */
  readonly step: (context: Context, job: StoredJob) => Promise<StepResult>;
}

/** The job cannot succeed, and its caller is to know why: it fails at once. The message holds no personal data. */
export class JobFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JobFailure';
  }
}
