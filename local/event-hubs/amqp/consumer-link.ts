/**
 * A link over which a client receives a partition. It reads the log as the client gives credit and takes what it was sent;
 * nothing is queued for a client that does not.
 */
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Sender } from 'rhea';
import type { PartitionLog } from '../log/partition-log.ts';
import { long, mapSection, string, symbol, timestamp } from './encode.ts';
import { linkErrors } from './link-errors.ts';

const readBytes = 128 * 1024;
/** Bytes that the socket may hold for a client that is slow. */
const mostUnsentBytes = 1024 * 1024;
const slowClientMs = 20;

/** What rhea's types leave out. */
interface Internals {
  readonly credit: number;
  readonly connection: { readonly socket: Socket };
  readonly session: { readonly outgoing: { readonly next_pending_delivery: number; available(): number } };
  _draining: boolean;
}

export class Consumer {
  readonly #sender: Sender;
  readonly #partition: PartitionLog;
  /** Each event says how far the partition goes. */
  readonly #withState: boolean;
  #position: number;
  #lastSent = -1;
  #running = false;
  #again = false;
  #closed = false;

  constructor(sender: Sender, partition: PartitionLog, position: number, withState: boolean) {
    this.#sender = sender;
    this.#partition = partition;
    this.#position = position;
    this.#withState = withState;
  }

  /** There may be something to send: an event, credit. */
  readonly wake = (): void => {
    this.#again = true;
    if (!this.#running) void this.#run();
  };

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#sendAll();
      }
    } catch (error) {
      console.error(`Partition ${this.#partition.id} cannot be read:`, error);
      this.#sender.close(linkErrors.failed());
    } finally {
      this.#running = false;
    }
  }

  /** Until all is sent or there is no more credit. */
  async #sendAll(): Promise<void> {
    while (!this.#closed && this.#inner.credit > 0) {
      if (this.#isSlow()) {
        await delay(slowClientMs);
        continue;
      }
      const events = await this.#partition.read(this.#position, readBytes);
      if (this.#closed) return;
      const room = Math.min(this.#inner.credit, this.#inner.session.outgoing.available());
      for (const { message, next } of events.slice(0, room)) {
        this.#send(message);
        this.#position = next;
      }
      // Credit goes down when rhea has written what it was given.
      await nextTurn();
      if (events.length > 0) continue;
      if (this.#inner._draining) this.#sender.set_drained(true);
      return;
    }
  }

  #send(message: Buffer): void {
    const payload = this.#withState ? Buffer.concat([this.#stateSection(), message]) : message;
    const delivery = this.#sender.send(payload, undefined, 0) as unknown as { id: number; settled: boolean };
    delivery.settled = true;
    this.#lastSent = delivery.id;
  }

  /** The client's window is shut, or its socket full. */
  #isSlow(): boolean {
    const { session, connection } = this.#inner;
    return (
      this.#lastSent >= session.outgoing.next_pending_delivery ||
      session.outgoing.available() === 0 ||
      connection.socket.writableLength > mostUnsentBytes
    );
  }

  #stateSection(): Buffer {
    const { lastSequence, lastPosition, lastEnqueued } = this.#partition.state();
    return mapSection(0x71, [
      Buffer.concat([symbol('last_enqueued_sequence_number'), long(lastSequence)]),
      Buffer.concat([symbol('last_enqueued_offset'), string(String(lastPosition))]),
      Buffer.concat([symbol('last_enqueued_time_utc'), timestamp(lastEnqueued)]),
      Buffer.concat([symbol('runtime_info_retrieval_time_utc'), timestamp(Date.now())]),
    ]);
  }

  get #inner(): Internals {
    return this.#sender as unknown as Internals;
  }
}
