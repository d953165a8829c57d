/**
 * Codecs in threads of their own, so that a picture neither holds up other requests nor harms the process. Frames wait until
 * the memory that they may need is free; one that takes too long ends with its thread.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CodecError } from './codec-error.ts';
import type { FrameJob, FrameResult, ThreadAnswer } from './codec-thread.ts';
import { frameBits } from './image-format.ts';

export interface PoolLimits {
  readonly threads: number;
  /** What frames at work may need together, compressed and decoded. One that needs more alone works alone. */
  readonly bytes: number;
  /** Frames that may wait. */
  readonly waiting: number;
  /** Of one frame. */
  readonly deadlineMs: number;
}

export const poolLimits: PoolLimits = {
  threads: Math.min(4, Math.max(1, availableParallelism() - 1)),
  bytes: 1024 * 1024 * 1024,
  waiting: 1000,
  deadlineMs: 60_000,
};

/** A thread ends when nothing was asked of it for so long: it gives back what its codecs took. */
const idleMs = 30_000;
/** The heap of a thread; pixels and the codecs' own memory lie outside. */
const heapMb = 256;

/** More frames wait than may. */
export class PoolBusy extends Error {
  constructor() {
    super('Too many frames are waiting to be decoded.');
    this.name = 'PoolBusy';
  }
}

interface Waiting {
  readonly job: FrameJob;
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: FrameResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  running: Waiting | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class CodecPool {
  readonly #limits: PoolLimits;
  readonly #waiting: Waiting[] = [];
  readonly #threads = new Set<Thread>();
  #bytes = 0;
  #isClosed = false;

  constructor(limits: Partial<PoolLimits> = {}) {
    this.#limits = { ...poolLimits, ...limits };
  }

  /** Rejects with `CodecError` when the frame cannot be converted, with `PoolBusy`, and with the signal's reason. */
  convert(job: FrameJob, signal?: AbortSignal): Promise<FrameResult> {
    if (this.#isClosed) return Promise.reject(new CodecError('The service is closing.'));
    if (this.#waiting.length >= this.#limits.waiting) return Promise.reject(new PoolBusy());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, bytes: needed(job), signal, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new CodecError('The service is closing.'));
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, 'The service is closing.')));
  }

  #next(): void {
    for (;;) {
      while (this.#waiting[0]?.signal?.aborted) this.#drop(this.#waiting.shift());
      const [first] = this.#waiting;
      if (!first || (this.#bytes > 0 && this.#bytes + first.bytes > this.#limits.bytes)) return;
      const thread = [...this.#threads].find(({ isReady, running }) => isReady && !running);
      if (!thread) {
        const starting = [...this.#threads].some(({ isReady }) => !isReady);
        if (!starting && this.#threads.size < this.#limits.threads) this.#start();
        return;
      }
      this.#waiting.shift();
      this.#run(thread, first);
    }
  }

  #drop(waiting: Waiting | undefined): void {
    waiting?.reject(waiting.signal?.reason);
  }

  #run(thread: Thread, waiting: Waiting): void {
    clearTimeout(thread.timer);
    thread.running = waiting;
    this.#bytes += waiting.bytes;
    thread.timer = setTimeout(() => void this.#end(thread, 'The frame takes too long.'), this.#limits.deadlineMs);
    thread.worker.ref();
    const { frame } = waiting.job;
    const isOwn = frame.byteLength === frame.buffer.byteLength;
    thread.worker.postMessage(waiting.job, isOwn ? [frame.buffer as ArrayBuffer] : []);
  }

  #start(): void {
    const worker = new Worker(new URL('./codec-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    const thread: Thread = { worker, isReady: false, running: undefined, timer: undefined };
    this.#threads.add(thread);
    worker.on('message', (message: ThreadAnswer) => {
      if (!this.#threads.has(thread)) return;
      if (message === 'ready') thread.isReady = true;
      else this.#settle(thread, message);
      this.#next();
      if (!thread.running) this.#rest(thread);
    });
    // The exit follows.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (!this.#threads.has(thread)) return;
      // One that cannot even start would be started for ever.
      if (!thread.isReady)
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('No codec thread starts.'));
      void this.#end(thread, 'The codec has failed.');
    });
  }

  #settle(thread: Thread, answer: FrameResult | { readonly failure: string | undefined }): void {
    const { running } = thread;
    thread.running = undefined;
    clearTimeout(thread.timer);
    if (!running) return;
    this.#bytes -= running.bytes;
    if (!('failure' in answer)) running.resolve(answer);
    else if (answer.failure === undefined) running.reject(new Error('A codec thread has a fault.'));
    else running.reject(new CodecError(answer.failure));
  }

  /** Nothing to do: the process may end, and after a while the thread does. */
  #rest(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.worker.unref();
    thread.timer = setTimeout(() => void this.#end(thread, ''), idleMs).unref();
  }

  async #end(thread: Thread, failure: string): Promise<void> {
    this.#threads.delete(thread);
    this.#settle(thread, { failure });
    clearTimeout(thread.timer);
    this.#next();
    await thread.worker.terminate();
  }
}

/** The frame twice (here and in the codec), its pixels four times: 32 bits a sample in the codec, then copies. */
function needed({ frame, format }: FrameJob): number {
  const samples = frameBits(format) / format.bitsAllocated;
  return frame.length * 2 + samples * Math.max(8, (format.bitsAllocated / 8) * 4);
}
