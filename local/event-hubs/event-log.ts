/** The events of all hubs and how far each consumer of this host has got, in one SQLite database. */
import type { DatabaseSync } from 'node:sqlite';
import { openWriter } from '../../shared/stores/embedded/connection.ts';
import { migrate } from '../../shared/stores/embedded/schema.ts';

/** One event as it is kept: `message` is the encoded AMQP message with the broker's annotations in it. */
export interface StoredEvent {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly enqueued: number;
  readonly message: Uint8Array;
}

/** What of an event is known before its place. */
export interface NewEvent {
  readonly hub: string;
  readonly partition: number;
  /** Encodes the message for the place that the event has got. */
  readonly encode: (sequence: number, enqueued: number) => Uint8Array;
}

export interface PartitionState {
  /** Of the oldest event that is kept; 0 when there never was one. */
  readonly first: number;
  /** Of the newest event; -1 when there never was one. */
  readonly last: number;
  readonly lastEnqueued: number;
}

const versionOne = `
  CREATE TABLE event (
    hub TEXT NOT NULL,
    partition INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    enqueued INTEGER NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (hub, partition, sequence)
  ) WITHOUT ROWID;
  CREATE TABLE end (hub TEXT NOT NULL, partition INTEGER NOT NULL, last INTEGER NOT NULL, enqueued INTEGER NOT NULL,
    PRIMARY KEY (hub, partition)) WITHOUT ROWID;
  CREATE TABLE checkpoint (hub TEXT NOT NULL, consumer_group TEXT NOT NULL, partition INTEGER NOT NULL,
    sequence INTEGER NOT NULL, PRIMARY KEY (hub, consumer_group, partition)) WITHOUT ROWID;
`;

/** Event Hubs: a day in the Basic tier, a week in the Standard tier. */
const retentionMs = 7 * 24 * 60 * 60 * 1000;
const removedAtOnce = 1000;

interface Waiting {
  readonly events: readonly NewEvent[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class EventLog {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #listeners = new Set<() => void>();
  #waiting: Waiting[] = [];

  constructor(file: string) {
    this.#database = openWriter(file);
    migrate(this.#database, [versionOne]);
    this.#run = prepareAll(this.#database);
  }

  /** All of them or none; durable once it answers. What is asked for in the same moment shares one commit. */
  append(events: readonly NewEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ events, resolve, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  /** At most `most` events from `sequence` on. */
  read(hub: string, partition: number, sequence: number, most: number): StoredEvent[] {
    return this.#run.read.all(hub, partition, sequence, most) as unknown as StoredEvent[];
  }

  state(hub: string, partition: number): PartitionState {
    const end = this.#run.end.get(hub, partition) as { last: number; enqueued: number } | undefined;
    const first = this.#run.first.get(hub, partition) as { first: number | null };
    if (!end) return { first: 0, last: -1, lastEnqueued: 0 };
    return { first: first.first ?? end.last + 1, last: end.last, lastEnqueued: end.enqueued };
  }

  /** The first event from that time on; the next one to come where there is none. */
  sequenceAt(hub: string, partition: number, enqueued: number): number {
    const found = this.#run.at.get(hub, partition, enqueued) as { sequence: number | null };
    return found.sequence ?? this.state(hub, partition).last + 1;
  }

  /** The last event that the group has done with; -1 at first. */
  checkpoint(hub: string, group: string, partition: number): number {
    const found = this.#run.checkpoint.get(hub, group, partition) as { sequence: number } | undefined;
    return found?.sequence ?? -1;
  }

  setCheckpoint(hub: string, group: string, partition: number, sequence: number): void {
    this.#run.setCheckpoint.run(hub, group, partition, sequence);
  }

  /** `listener` is called after events have come; the function that is answered ends that. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets go of events that are older than the retention; called now and then. */
  removeOld(now: number): void {
    while (Number(this.#run.removeOld.run(now - retentionMs, removedAtOnce).changes) === removedAtOnce);
  }

  close(): void {
    if (this.#waiting.length > 0) this.#commit();
    this.#database.close();
  }

  #commit(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { events } of waiting) for (const event of events) this.#write(event);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const { resolve } of waiting) resolve();
    for (const listener of this.#listeners) listener();
  }

  #write({ hub, partition, encode }: NewEvent): void {
    const end = this.#run.end.get(hub, partition) as { last: number; enqueued: number } | undefined;
    const sequence = (end?.last ?? -1) + 1;
    // Never backwards, so that a start by time finds a place.
    const enqueued = Math.max(Date.now(), end?.enqueued ?? 0);
    this.#run.append.run(hub, partition, sequence, enqueued, encode(sequence, enqueued));
    this.#run.setEnd.run(hub, partition, sequence, enqueued);
  }
}

function prepareAll(database: DatabaseSync) {
  return {
    append: database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?)'),
    end: database.prepare('SELECT last, enqueued FROM end WHERE hub = ? AND partition = ?'),
    setEnd: database.prepare('INSERT OR REPLACE INTO end VALUES (?, ?, ?, ?)'),
    first: database.prepare('SELECT min(sequence) AS first FROM event WHERE hub = ? AND partition = ?'),
    at: database.prepare(
      'SELECT min(sequence) AS sequence FROM event WHERE hub = ? AND partition = ? AND enqueued >= ?',
    ),
    read: database.prepare(`SELECT sequence, enqueued, message FROM event
      WHERE hub = ? AND partition = ? AND sequence >= ? ORDER BY sequence LIMIT ?`),
    removeOld: database.prepare(`DELETE FROM event WHERE (hub, partition, sequence) IN
      (SELECT hub, partition, sequence FROM event WHERE enqueued < ? LIMIT ?)`),
    checkpoint: database.prepare(
      'SELECT sequence FROM checkpoint WHERE hub = ? AND consumer_group = ? AND partition = ?',
    ),
    setCheckpoint: database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)'),
  };
}
