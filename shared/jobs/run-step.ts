/**
 * One message of a job. Messages come at least once, late, in any order; what makes a job go on exactly once is its
 * document: a step is claimed with a lease, a checkpoint needs the latest claim, and only the message of the present step
 * does anything.
 */
import { isActive, type StoredJob } from '../stores/jobs/job-store.ts';
import { JobFailure, type JobKind, type StepResult } from './job-kind.ts';
import { type JobMessage, type Jobs, watchSeconds } from './jobs.ts';

/** Longer than any step; a worker that died is replaced after this time. */
export const leaseSeconds = 60;
/** A step that was begun so often without getting to its checkpoint makes the job fail. */
export const maxAttempts = 5;

export async function runJobMessage<Context>(
  jobs: Jobs,
  kinds: readonly JobKind<Context>[],
  context: Context,
  message: JobMessage,
): Promise<void> {
  const { service, store } = jobs.parts;
  const job = await store.read(service, message.id);
  if (!job || !isActive(job)) return;
  if ('watch' in message) return watch(jobs, job);
  const claimed = await claim(jobs, job.id, message.step);
  if (!claimed) return;
  const kind = kinds.find((each) => each.kind === claimed.kind);
  if (!kind) return fail(jobs, claimed, `This release knows no jobs of kind ${claimed.kind}.`);
  if (claimed.attempts > maxAttempts) return fail(jobs, claimed, `A step did not finish in ${maxAttempts} attempts.`);
  let result: StepResult;
  try {
    result = await kind.step(context, claimed);
  } catch (error) {
    return attemptFailed(jobs, claimed, error);
  }
  await checkpoint(jobs, claimed, result);
}

/** Undefined when the step is done already, or somebody else works on it. */
function claim(jobs: Jobs, id: string, step: number): Promise<StoredJob | undefined> {
  const at = jobs.parts.now();
  return jobs.change(id, (job) => {
    if (!isActive(job) || job.step !== step || job.lease.until > at) return false;
    return {
      ...job,
      state: 'Running',
      attempts: job.attempts + 1,
      lease: { token: job.lease.token + 1, until: at + leaseSeconds * 1000 },
      started: job.started ?? at,
      changed: at,
    };
  });
}

/** Durable before the next step is asked for: what was asked for twice is done once. */
async function checkpoint(jobs: Jobs, claimed: StoredJob, result: StepResult): Promise<void> {
  const at = jobs.parts.now();
  const done = await whileHeld(jobs, claimed, {
    state: result.done ? 'Completed' : 'Running',
    step: claimed.step + 1,
    attempts: 0,
    progress: result.progress,
    ended: result.done ? at : null,
  });
  if (done && !result.done) await jobs.parts.send({ id: done.id, step: done.step }, result.delaySeconds);
}

async function attemptFailed(jobs: Jobs, claimed: StoredJob, error: unknown): Promise<void> {
  if (error instanceof JobFailure) return fail(jobs, claimed, error.message);
  jobs.parts.onError(error);
  if (claimed.attempts >= maxAttempts) {
    return fail(jobs, claimed, `A step failed ${maxAttempts} times; the service's log says why.`);
  }
  const released = await whileHeld(jobs, claimed, {});
  if (released) await jobs.parts.send({ id: released.id, step: released.step }, 2 ** (claimed.attempts - 1));
}

async function fail(jobs: Jobs, claimed: StoredJob, failure: string): Promise<void> {
  await whileHeld(jobs, claimed, { state: 'Failed', failure, ended: jobs.parts.now() });
}

/** Changes the job and gives the lease back; undefined when it was cancelled or claimed by another meanwhile. */
function whileHeld(jobs: Jobs, claimed: StoredJob, changes: Partial<StoredJob>): Promise<StoredJob | undefined> {
  return jobs.change(claimed.id, (job) => {
    if (!isActive(job) || job.lease.token !== claimed.lease.token) return false;
    return { ...job, ...changes, lease: { ...job.lease, until: 0 }, changed: jobs.parts.now() };
  });
}

/** Comes back as long as the job is active, and asks for its step when nobody seems to. */
async function watch({ parts: { send, now } }: Jobs, job: StoredJob): Promise<void> {
  await send({ id: job.id, watch: true }, watchSeconds);
  const quietSince = Math.max(job.changed, job.lease.until);
  if (now() - quietSince >= watchSeconds * 1000) await send({ id: job.id, step: job.step });
}
