/** Calls to a worker thread: a request, one answer, matched by number. */
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { QueryTooLarge } from '../resources/query.ts';

/** What a thread answers, by name: one request, one result. */
type Calls<T> = { [K in keyof T]: (request: never) => unknown };
type Request<T, K extends keyof T> = T[K] extends (request: infer R) => unknown ? R : never;
type Result<T, K extends keyof T> = T[K] extends (request: never) => infer R ? R : never;

/** The thread's side of a call; `answer` is called once, at any time. A throw answers with the error. */
type Handlers<T> = { [K in keyof T]: (request: Request<T, K>, answer: Answering<Result<T, K>>) => void };
type Answering<R> = (result: R | Error, transfer?: readonly ArrayBuffer[]) => void;

type Message = { readonly call: string; readonly number: number; readonly request: unknown } | 'close';
interface Answer {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly stack: string | undefined; readonly tooLarge: boolean };
}

interface WorkerData {
  readonly file: string;
  readonly data: unknown;
  readonly compileCache: string | undefined;
}

/** A thread does not share the process's compile cache unasked. With it, none of them loads the TypeScript stripper (20 MB). */
const entry = `
  const { file, compileCache } = require('node:worker_threads').workerData;
  if (compileCache) require('node:module').enableCompileCache(compileCache);
  import(file);
`;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Thread<T extends Calls<T>> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #ended: Error | undefined;

  /** `data` is what the thread's file finds with `threadData`. */
  constructor(file: URL, data: unknown) {
    const workerData: WorkerData = { file: file.href, data, compileCache: getCompileCacheDir() };
    this.#worker = new Worker(entry, { eval: true, workerData, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('The store is closed.')));
  }

  call<K extends keyof T & string>(
    call: K,
    request: Request<T, K>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Result<T, K>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#last += 1;
    const number = this.#last;
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      this.#worker.postMessage({ call, number, request } satisfies Message, transfer);
    }) as Promise<Result<T, K>>;
  }

  get waiting(): number {
    return this.#pending.size;
  }

  /** Resolves when the thread has answered everything and is gone. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exit = once(this.#worker, 'exit');
    this.#worker.postMessage('close' satisfies Message);
    await exit;
  }

  #settle({ number, result, error }: Answer): void {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    if (error === undefined) pending?.resolve(result);
    else if (error.tooLarge) pending?.reject(new QueryTooLarge(error.message));
    else pending?.reject(Object.assign(new Error(error.message), { stack: error.stack }));
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** What the thread was started with. */
export function threadData<D>(): D {
  return (workerData as WorkerData).data as D;
}

/** The thread's main loop; runs until it is told to close. */
export function serveThread<T extends Calls<T>>(handlers: Handlers<T>, close: () => void): void {
  const port = parentPort;
  if (port === null) throw new Error('This file is the entry of a worker thread.');
  port.on('message', (message: Message) => {
    if (message === 'close') {
      close();
      port.close();
      return;
    }
    const { call, number, request } = message;
    const answer: Answering<unknown> = (result, transfer = []) => {
      port.postMessage(answerOf(number, result), transfer);
    };
    try {
      handlers[call as keyof T](request as never, answer);
    } catch (error) {
      answer(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function answerOf(number: number, result: unknown): Answer {
  if (!(result instanceof Error)) return { number, result };
  return { number, error: { message: result.message, stack: result.stack, tooLarge: result instanceof QueryTooLarge } };
}
