/**
 * Two threads that search. Every search begins on the quick one; what takes longer than a moment there is stopped and
 * begins again on the slow one, so that long searches wait for each other and nobody else waits for them. The slow
 * thread starts when it is needed first. A search that is not done `longestMs` after it was asked for is given up.
 */
import { QueryTooLarge } from '../../resources/query.ts';
import { Thread } from '../thread.ts';
import type { ReaderCalls } from './reader-thread.ts';
import type { TimeLimit } from './time-budget.ts';

export interface SearchTime {
  readonly quickMs: number;
  /** AHDS: three minutes for a SQL command. */
  readonly longestMs: number;
}

export const defaultSearchTime: SearchTime = { quickMs: 250, longestMs: 10_000 };

type Call = keyof ReaderCalls;
type Request<K extends Call> = Parameters<ReaderCalls[K]>[0];
type Result<K extends Call> = ReturnType<ReaderCalls[K]>;

export class ReaderThreads {
  readonly #file: string;
  readonly #time: SearchTime;
  readonly #quick: Thread<ReaderCalls>;
  #slow: Thread<ReaderCalls> | undefined;
  #closing = false;

  constructor(file: string, time: SearchTime) {
    this.#file = file;
    this.#time = time;
    this.#quick = this.#start();
  }

  async call<K extends Call>(call: K, request: Omit<Request<K>, 'time'>): Promise<Result<K>> {
    const until = Date.now() + this.#time.longestMs;
    const ask = (thread: Thread<ReaderCalls>, time: TimeLimit) =>
      thread.call(call, { ...request, time } as Parameters<typeof thread.call<K>>[1]) as Promise<Result<K>>;
    try {
      return await ask(this.#quick, { forMs: this.#quickMs() });
    } catch (error) {
      if (!(error instanceof QueryTooLarge) || this.#closing) throw error;
    }
    this.#slow ??= this.#start();
    return ask(this.#slow, { until });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([this.#quick.close(), this.#slow?.close()]);
  }

  /** While long searches are under way, the next ones are recognized sooner. */
  #quickMs(): number {
    return this.#slow !== undefined && this.#slow.waiting > 0 ? this.#time.quickMs / 5 : this.#time.quickMs;
  }

  #start(): Thread<ReaderCalls> {
    return new Thread(new URL('./reader-thread.ts', import.meta.url), this.#file);
  }
}
