/** Runs invariants in their thread, one resource after the other. One that takes too long ends with the thread. */
import { Worker } from 'node:worker_threads';
import { FhirError } from '../outcome.ts';
import type { InvariantRequest, Verdict } from './invariant-thread.ts';

/** Milliseconds that the invariants of one resource may take; those of a bundle of 500 take 500. */
const defaultDeadlineMs = 3_000;
/** Old generation of the thread; the engine and R4's model take 40 MB. */
const memoryMb = 256;
/** Resources that may wait. */
const maxWaiting = 1000;
/** The thread ends when nothing was asked for so long. */
const idleMs = 60_000;

interface Job {
  readonly request: InvariantRequest;
  readonly resolve: (verdicts: readonly Verdict[] | 'too-costly') => void;
}

export class InvariantRunner {
  readonly #jobs: Job[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #running: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #deadlineMs: number;

  constructor(deadlineMs = defaultDeadlineMs) {
    this.#deadlineMs = deadlineMs;
  }

  /** `too-costly` when they took too long or too much memory. */
  run(request: InvariantRequest): Promise<readonly Verdict[] | 'too-costly'> {
    if (this.#jobs.length >= maxWaiting) {
      return Promise.reject(new FhirError('throttled', 'Too many validations are waiting. Try again.'));
    }
    return new Promise((resolve) => {
      this.#jobs.push({ request, resolve });
      this.#next();
    });
  }

  async close(): Promise<void> {
    for (const { resolve } of this.#jobs.splice(0)) resolve('too-costly');
    await this.#end();
  }

  #next(): void {
    if (this.#running || this.#jobs.length === 0) return;
    const worker = this.#worker ?? this.#start();
    if (!this.#isReady) return;
    clearTimeout(this.#timer);
    this.#running = this.#jobs.shift() as Job;
    this.#timer = setTimeout(() => void this.#end(), this.#deadlineMs);
    worker.ref();
    worker.postMessage(this.#running.request);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./invariant-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker = worker;
    worker.on('message', (message: readonly Verdict[] | 'ready') => {
      if (this.#worker !== worker) return;
      if (message === 'ready') this.#isReady = true;
      else this.#settle(message);
      this.#next();
      if (!this.#running) this.#rest(worker);
    });
    // Out of memory: the exit follows.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      // One that cannot even start would be started for ever.
      if (!this.#isReady) for (const { resolve } of this.#jobs.splice(0)) resolve('too-costly');
      void this.#end();
    });
    return worker;
  }

  /** Nothing to do: the process may end, and after a while the thread does. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#timer = setTimeout(() => void this.#end(), idleMs).unref();
  }

  /** Ends the thread with what it runs; what waits gets another. */
  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    this.#settle('too-costly');
    this.#next();
    await worker?.terminate();
  }

  #settle(verdicts: readonly Verdict[] | 'too-costly'): void {
    clearTimeout(this.#timer);
    const job = this.#running;
    this.#running = undefined;
    job?.resolve(verdicts);
  }
}
