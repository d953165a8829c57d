/** A segment file: a run of records of one partition, named after the first of them. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeRecord, followingAt, headerBytes, isWhole, lengthAt, type StoredEvent } from './record.ts';

export interface Segment {
  readonly file: string;
  /** Of the first event that is or will be in it. */
  readonly firstSequence: number;
  readonly position: number;
  /** Bytes of whole records. */
  length: number;
  /** When the last one was written, where that is known. */
  lastWritten?: number;
}

const digits = 16;
const namePattern = new RegExp(`^(\\d{${digits}})-(\\d{${digits}})\\.segment$`);

export function segmentName(firstSequence: number, position: number): string {
  return `${String(firstSequence).padStart(digits, '0')}-${String(position).padStart(digits, '0')}.segment`;
}

export function segmentOf(folder: string, name: string): Segment | undefined {
  const match = namePattern.exec(name);
  if (!match) return undefined;
  const [, firstSequence, position] = match.map(Number) as [number, number, number];
  return { file: path.join(folder, name), firstSequence, position, length: 0 };
}

/** The records from byte `from` of the segment on, one at least if there is one, not many more bytes than `mostBytes`. */
export async function readSegment(
  handle: FileHandle,
  segment: Segment,
  from: number,
  mostBytes: number,
): Promise<StoredEvent[]> {
  let bytes = await readAt(handle, from, Math.min(Math.max(mostBytes, headerBytes), segment.length - from));
  const first = lengthAt(bytes, 0);
  if (first !== undefined && first > bytes.length) bytes = await readAt(handle, from, first);
  const events: StoredEvent[] = [];
  for (let at = 0, length = first; length !== undefined && at + length <= bytes.length; length = lengthAt(bytes, at)) {
    if (!isWhole(bytes, at, length)) break;
    const position = segment.position + from + at;
    const { sequenceNumber, enqueued, message } = decodeRecord(bytes, at, length);
    events.push({ sequenceNumber, enqueued, message, position, next: position + length });
    at += length;
  }
  if (events.length === 0) throw new Error(`${segment.file} is damaged at byte ${from}.`);
  return events;
}

export type EventPlace = Omit<StoredEvent, 'message'>;

export interface SegmentEnd {
  readonly length: number;
  readonly last: EventPlace | undefined;
}

/** Of a file that is not written any more the file system knows. */
export async function lastWritten(segment: Segment): Promise<number> {
  segment.lastWritten ??= (await stat(segment.file)).mtimeMs;
  return segment.lastWritten;
}

/** Where the last whole send ends. What follows was being written when the process was killed. */
export async function endOf(segment: Segment): Promise<SegmentEnd> {
  const handle = await open(segment.file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = await readAt(handle, 0, size);
    let length = 0;
    let last: number | undefined;
    for (let at = 0, next = lengthAt(bytes, 0); next !== undefined; next = lengthAt(bytes, at)) {
      if (at + next > bytes.length || !isWhole(bytes, at, next)) break;
      const record = at;
      at += next;
      if (followingAt(bytes, record) > 0) continue;
      last = record;
      length = at;
    }
    return { length, last: last === undefined ? undefined : placeOf(bytes, last, length, segment) };
  } finally {
    await handle.close();
  }
}

function placeOf(bytes: Buffer, at: number, end: number, { position }: Segment): EventPlace {
  const { sequenceNumber, enqueued } = decodeRecord(bytes, at, end - at);
  return { sequenceNumber, enqueued, position: position + at, next: position + end };
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.max(length, 0));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
