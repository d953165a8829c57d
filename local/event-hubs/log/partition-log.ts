/**
 * One partition of an Event Hub: an endless row of events in segment files. Sends that wait at the same time share one
 * write and one fsync; readers go by position and see what is on the disk.
 */
import { open, readdir, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { encodeRecord, recordLength, type StoredEvent } from './record.ts';
import { type EventPlace, endOf, lastWritten, readSegment, type Segment, segmentName, segmentOf } from './segment.ts';
import { isFrom, type StartPosition } from './start-position.ts';
import { makeFolder, WriteFile } from './write-file.ts';

export interface LogLimits {
  /** Events are kept at least this long ... */
  readonly retentionMs: number;
  /** ... as long as the partition has fewer bytes than this. */
  readonly mostBytes: number;
  /** A file that has as many bytes is followed by another. */
  readonly segmentBytes: number;
}

/** What the broker writes into a message when it takes it in. */
export interface Place {
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueued: number;
}

/** A message that waits for its place. */
export interface NewEvent {
  readonly encode: (place: Place) => Buffer;
}

export interface PartitionState {
  readonly firstSequence: number;
  /** -1: there has never been one. */
  readonly lastSequence: number;
  /** Where the newest event begins; -1 likewise. */
  readonly lastPosition: number;
  readonly lastEnqueued: number;
  readonly isEmpty: boolean;
}

interface Waiting {
  readonly events: readonly NewEvent[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const scanBytes = 256 * 1024;

export class PartitionLog {
  readonly id: string;
  readonly #folder: string;
  readonly #limits: LogLimits;
  readonly #now: () => number;
  readonly #segments: Segment[];
  readonly #listeners = new Set<() => void>();
  #writing: WriteFile | undefined;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #last: EventPlace;
  #closed = false;

  private constructor(id: string, folder: string, limits: LogLimits, now: () => number, segments: Segment[]) {
    this.id = id;
    this.#folder = folder;
    this.#limits = limits;
    this.#now = now;
    this.#segments = segments;
    const { firstSequence, position } = this.#active;
    this.#last = { sequenceNumber: firstSequence - 1, position: position - 1, next: position, enqueued: 0 };
  }

  /** Cuts off what a kill has left half-written. */
  static async open(
    id: string,
    folder: string,
    limits: LogLimits,
    now: () => number = Date.now,
  ): Promise<PartitionLog> {
    await makeFolder(folder);
    const names = (await readdir(folder)).toSorted();
    const segments = names.map((name) => segmentOf(folder, name)).filter((segment) => segment !== undefined);
    if (segments.length === 0) segments.push(emptySegment(folder, 0, 0));
    const log = new PartitionLog(id, folder, limits, now, segments);
    await log.#recover();
    return log;
  }

  /** In the order of their places; resolves when they are on the disk. All of them are, or none. */
  append(events: readonly NewEvent[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The partition is closed.'));
    if (events.length === 0) return Promise.resolve();
    const appended = new Promise<void>((resolve, reject) => this.#waiting.push({ events, resolve, reject }));
    this.#flushing ??= this.#inTurn(() => this.#flush());
    return appended;
  }

  state(): PartitionState {
    const { firstSequence } = this.#segments[0] as Segment;
    const { sequenceNumber, position, enqueued } = this.#last;
    return {
      firstSequence,
      lastSequence: sequenceNumber,
      lastPosition: position,
      lastEnqueued: enqueued,
      isEmpty: sequenceNumber < firstSequence,
    };
  }

  /** Where the next event will begin. */
  get end(): number {
    return this.#last.next;
  }

  /**
   * Events from the record that begins at `position` on; from the oldest one when that is gone. None: all is read.
   * One event at least, and not many more bytes than `mostBytes`.
   */
  async read(position: number, mostBytes: number): Promise<StoredEvent[]> {
    if (position >= this.end) return [];
    const oldest = this.#segments[0] as Segment;
    const from = Math.max(position, oldest.position);
    const segment = this.#segments.findLast((each) => each.position <= from && each.length > 0) ?? oldest;
    const at = from - segment.position;
    // An empty file at the front: everything has expired.
    if (at >= segment.length) return [];
    let handle: Awaited<ReturnType<typeof open>>;
    try {
      handle = await open(segment.file, 'r');
    } catch (error) {
      // It has expired since.
      if (!this.#segments.includes(segment)) return this.read(position, mostBytes);
      throw error;
    }
    try {
      return await readSegment(handle, segment, at, mostBytes);
    } finally {
      await handle.close();
    }
  }

  /** The position of the first event that is at or behind `start`, or will be. */
  async find(start: StartPosition): Promise<number> {
    if (start.kind === 'latest') return this.end;
    const oldest = this.#segments[0] as Segment;
    if (start.kind === 'earliest') return oldest.position;
    let position = (await this.#segmentBefore(start)).position;
    for (;;) {
      const events = await this.read(position, scanBytes);
      if (events.length === 0) return position;
      const found = events.find((event) => isFrom(start, event));
      if (found) return found.position;
      position = (events.at(-1) as StoredEvent).next;
    }
  }

  /** Calls `listener` after each append until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Deletes whole files that hold nothing but expired events. */
  dropExpired(): Promise<void> {
    return this.#inTurn(() => this.#dropExpired());
  }

  /** Finishes what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await this.#writing?.close();
    this.#listeners.clear();
  }

  get #active(): Segment {
    return this.#segments.at(-1) as Segment;
  }

  /** One change of the files at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const sends = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(sends);
      } catch (error) {
        for (const { reject } of sends) reject(error as Error);
      }
    }
    this.#flushing = undefined;
  }

  async #write(sends: readonly Waiting[]): Promise<void> {
    if (this.#active.length >= this.#limits.segmentBytes) {
      await this.#roll();
      await this.#dropExpired();
    }
    const enqueued = Math.max(this.#now(), this.#last.enqueued);
    let { sequenceNumber, next: position } = this.#last;
    let last = this.#last;
    const records: Buffer[] = [];
    for (const { events } of sends) {
      for (const [index, event] of events.entries()) {
        sequenceNumber += 1;
        const message = event.encode({ sequenceNumber, offset: String(position), enqueued });
        records.push(encodeRecord({ sequenceNumber, enqueued, following: events.length - 1 - index, message }));
        last = { sequenceNumber, position, next: position + recordLength(message.length), enqueued };
        position = last.next;
      }
    }
    const segment = this.#active;
    this.#writing ??= await WriteFile.open(segment.file);
    await this.#writing.write(records, segment.length);
    segment.length = position - segment.position;
    segment.lastWritten = enqueued;
    this.#last = last;
    for (const { resolve } of sends) resolve();
    for (const listener of this.#listeners) listener();
  }

  /** Later writes go to a new file. Its name keeps the numbers going when all before it has expired. */
  async #roll(): Promise<void> {
    const next = emptySegment(this.#folder, this.#last.sequenceNumber + 1, this.#last.next);
    const writing = await WriteFile.open(next.file);
    await this.#writing?.close();
    this.#writing = writing;
    this.#segments.push(next);
  }

  async #dropExpired(): Promise<void> {
    const kept = this.#now() - this.#limits.retentionMs;
    if (this.#active.length > 0 && (await lastWritten(this.#active)) < kept) await this.#roll();
    let bytes = this.#segments.reduce((sum, { length }) => sum + length, 0);
    while (this.#segments.length > 1) {
      const [oldest] = this.#segments as [Segment];
      if ((await lastWritten(oldest)) >= kept && bytes <= this.#limits.mostBytes) break;
      bytes -= oldest.length;
      this.#segments.shift();
      await rm(oldest.file, { force: true });
    }
  }

  async #recover(): Promise<void> {
    for (const [index, segment] of this.#segments.entries()) {
      const next = this.#segments[index + 1];
      // Positions go on from file to file; only the end of the last one may have been lost.
      segment.length = next ? next.position - segment.position : await sizeOf(segment.file);
    }
    for (const segment of this.#segments.slice(-2).toReversed()) {
      if (segment.length === 0) continue;
      const { length, last } = await endOf(segment);
      if (segment === this.#active && length < segment.length) await truncate(segment.file, length);
      segment.length = length;
      if (!last) continue;
      this.#last = last;
      break;
    }
  }

  /** The last file whose first event is before `start`; else the first file. */
  async #segmentBefore(start: StartPosition): Promise<Segment> {
    const written = this.#segments.filter(({ length }) => length > 0);
    let before = 0;
    for (let from = written.length; from - before > 1; ) {
      const middle = (before + from) >> 1;
      const segment = written[middle] as Segment;
      if (isFrom(start, await this.#firstOf(segment, start))) from = middle;
      else before = middle;
    }
    return written[before] ?? this.#active;
  }

  /** As far as `start` looks at it. */
  async #firstOf({ firstSequence, position }: Segment, { kind }: StartPosition): Promise<Omit<EventPlace, 'next'>> {
    const [first] = kind === 'enqueued-time' ? await this.read(position, 1) : [];
    return { sequenceNumber: firstSequence, position, enqueued: first?.enqueued ?? 0 };
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}

function emptySegment(folder: string, firstSequence: number, position: number): Segment {
  const file = path.join(folder, segmentName(firstSequence, position));
  return { file, firstSequence, position, length: 0 };
}
