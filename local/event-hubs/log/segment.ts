/** A segment file: a run of records of one partition, named after the first of them. */
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { decodeRecord, headerBytes, lengthAt, type StoredEvent } from './record.ts';

export interface Segment {
  readonly file: string;
  /** Of the first event that is or will be in it. */
  readonly firstSequence: number;
  readonly position: number;
  /** Bytes of whole records. */
  length: number;
  /** When the last one was written. */
  lastWritten: number;
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
  return { file: path.join(folder, name), firstSequence, position, length: 0, lastWritten: 0 };
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
    const record = decodeRecord(bytes, at, length);
    if (!record) break;
    const position = segment.position + from + at;
    const { sequenceNumber, enqueued, message } = record;
    events.push({ sequenceNumber, enqueued, message, position, next: position + length });
    at += length;
  }
  if (events.length === 0) throw new Error(`${segment.file} is damaged at byte ${from}.`);
  return events;
}

export interface SegmentEnd {
  readonly length: number;
  readonly last: StoredEvent | undefined;
}

/** Where the last whole send ends. What follows was being written when the process was killed. */
export async function endOf(segment: Segment): Promise<SegmentEnd> {
  const handle = await open(segment.file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = await readAt(handle, 0, size);
    let end: SegmentEnd = { length: 0, last: undefined };
    for (let at = 0, length = lengthAt(bytes, 0); length !== undefined; length = lengthAt(bytes, at)) {
      const record = at + length <= bytes.length ? decodeRecord(bytes, at, length) : undefined;
      if (!record) break;
      const position = segment.position + at;
      at += length;
      if (record.following > 0) continue;
      const { sequenceNumber, enqueued } = record;
      const last = { sequenceNumber, enqueued, position, next: position + length, message: Buffer.alloc(0) };
      end = { length: at, last };
    }
    return end;
  } finally {
    await handle.close();
  }
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
