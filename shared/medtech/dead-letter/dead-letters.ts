/**
 * Events that could not be used, in the blob container `dead-letter` until they are replayed: the event as it came, why it
 * failed, and with which mappings. An event that fails again when its batch comes again is there once.
 */
import { createHash } from 'node:crypto';
import { BlobExists, type BlobStore } from '../../stores/blobs/blob-store.ts';
import type { DeviceEvent } from '../device-event.ts';
import type { EventError, Ingested } from '../ingest/ingest.ts';
import { roundTripText, type Ticks } from '../ticks.ts';
import { eventFromJson, eventToJson, type Plain } from './event-json.ts';

export interface DeadLetter {
  /** The blob's name: in the order of the events' arrival in the Event Hub. */
  readonly name: string;
  /** When the event failed. ISO 8601. */
  readonly time: string;
  readonly errors: readonly EventError[];
  readonly mappingVersion: string;
  readonly event: DeviceEvent;
}

/** Those of events that reached the Event Hub from `since` on and before `until`. */
export interface DeadLetterRange {
  readonly since?: Ticks;
  readonly until?: Ticks;
}

export class DeadLetters {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Durable once it answers. */
  async add({ failed, mappingVersion }: Ingested, now: Date): Promise<void> {
    for (const { event, errors } of failed) {
      const letter = { time: now.toISOString(), errors, mappingVersion, event: eventToJson(event) };
      try {
        await this.#blobs.write(nameOf(event), oneChunk(Buffer.from(JSON.stringify(letter))));
      } catch (error) {
        if (!(error instanceof BlobExists)) throw error;
      }
    }
  }

  /** Oldest first; `after`: behind the letter of this name. */
  async *list({ since, until }: DeadLetterRange = {}, after = ''): AsyncGenerator<DeadLetter> {
    const start = since === undefined ? '' : timeText(since);
    for (let last = after > start ? after : start; ; ) {
      const names = await this.#blobs.list('', pageLength, last);
      for (const name of names) {
        last = name;
        if (until !== undefined && name >= timeText(until)) return;
        const letter = await this.read(name);
        if (letter) yield letter;
      }
      if (names.length < pageLength) return;
    }
  }

  /** False when it was not there any more. */
  remove(name: string): Promise<boolean> {
    return this.#blobs.remove(name);
  }

  /** Undefined when there is none of that name. */
  async read(name: string): Promise<DeadLetter | undefined> {
    const blob = await this.#blobs.read(name);
    if (!blob) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of blob.content) chunks.push(chunk);
    const { event, ...letter } = JSON.parse(Buffer.concat(chunks).toString()) as Omit<DeadLetter, 'name' | 'event'> & {
      readonly event: Plain;
    };
    return { name, ...letter, event: eventFromJson(event) };
  }
}

const pageLength = 100;

function nameOf(event: DeviceEvent): string {
  const { partitionId, sequenceNumber, offset, body } = event;
  const hash = createHash('sha256')
    .update(JSON.stringify([partitionId, sequenceNumber, offset]))
    .update(body);
  return `${timeText(event.enqueued)}-${hash.digest('hex').slice(0, 32)}.json`;
}

/** `2019-02-01T22-46-01.8750000Z`: sorts as the time does, and may be a blob's name. */
function timeText(time: Ticks): string {
  return roundTripText(time).replaceAll(':', '-');
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
