import { Worker } from 'node:worker_threads';

/** A thread of the store: messages out, answers in. An unexpected end rejects whatever still waits for an answer. */
export class Thread<Out, In> {
  private readonly worker: Worker;
  private onAnswer: (answer: In) => void = () => {};
  private onEnd: (error: Error) => void = () => {};
  private ended: Error | undefined;

  constructor(entry: URL, data: unknown) {
    this.worker = new Worker(entry, { workerData: data });
    this.worker.on('message', (answer: In) => this.onAnswer(answer));
    this.worker.on('error', (error: Error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('The thread of the store has ended.')));
  }

  listen(onAnswer: (answer: In) => void, onEnd: (error: Error) => void): void {
    this.onAnswer = onAnswer;
    this.onEnd = onEnd;
    if (this.ended) onEnd(this.ended);
  }

  send(message: Out): void {
    if (this.ended) throw this.ended;
    this.worker.postMessage(message);
  }

  /** Asks the thread to finish, and waits until it has. */
  async close(): Promise<void> {
    if (this.ended) return;
    await new Promise((resolve) => {
      this.worker.once('exit', resolve);
      this.worker.postMessage('close');
    });
  }

  private end(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    this.onEnd(error);
  }
}
