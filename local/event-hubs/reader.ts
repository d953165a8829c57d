import type { Sender } from 'rhea';
import type { ReceiverSource } from './addresses.ts';
import type { EventLog } from './event-log.ts';

const readAtOnce = 100;

/** Sends a partition's events to one receiver as fast as it gives credit; what it has not asked for stays in the log. */
export class Reader {
  readonly epoch: number | undefined;
  readonly #log: EventLog;
  readonly #source: ReceiverSource;
  readonly #sender: Sender;
  readonly #unlisten: () => void;
  #next: number;
  #stopped = false;

  constructor(log: EventLog, source: ReceiverSource, from: number, epoch: number | undefined, sender: Sender) {
    this.#log = log;
    this.#source = source;
    this.#next = from;
    this.epoch = epoch;
    this.#sender = sender;
    this.#unlisten = log.onAppend(() => this.pump());
  }

  reads({ hub, group, partition }: ReceiverSource): boolean {
    return this.#source.hub === hub && this.#source.group === group && this.#source.partition === partition;
  }

  pump(): void {
    const { hub, partition } = this.#source;
    while (!this.#stopped && this.#sender.sendable()) {
      const events = this.#log.read(hub, partition, this.#next, readAtOnce);
      if (events.length === 0) return;
      for (const { sequence, message } of events) {
        if (!this.#sender.sendable()) return;
        this.#sender.send(Buffer.from(message) as never, undefined, 0);
        this.#next = sequence + 1;
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#unlisten();
  }
}
