/**
 * An event in a segment file: length, checksum, what the log knows of the event, then the message as receivers get it.
 * The events of one send count down to 0, so that a send of which only a part was written is seen.
 */
import { crc32 } from 'node:zlib';

export interface StoredEvent {
  readonly sequenceNumber: number;
  /** Where its record begins in all that the partition was ever given, in bytes: what Event Hubs calls the offset. */
  readonly position: number;
  /** Where the next record begins. */
  readonly next: number;
  /** Milliseconds since 1970. */
  readonly enqueued: number;
  /** An encoded AMQP message with the annotations of the broker. */
  readonly message: Buffer;
}

/** Length 4, checksum 4, sequence number 6, enqueued 6, events of the same send that follow 4. */
export const headerBytes = 24;

/** A record's length when no event could be this large: the rest of the file is torn. */
const mostBytes = 8 * 1024 * 1024;

export interface RecordParts {
  readonly sequenceNumber: number;
  readonly enqueued: number;
  /** Events of the same send that follow. */
  readonly following: number;
  readonly message: Buffer;
}

export function recordLength(messageBytes: number): number {
  return headerBytes + messageBytes;
}

export function encodeRecord({ sequenceNumber, enqueued, following, message }: RecordParts): Buffer {
  const record = Buffer.allocUnsafe(recordLength(message.length));
  record.writeUInt32BE(record.length, 0);
  record.writeUIntBE(sequenceNumber, 8, 6);
  record.writeUIntBE(enqueued, 14, 6);
  record.writeUInt32BE(following, 20);
  message.copy(record, headerBytes);
  record.writeUInt32BE(crc32(record.subarray(8)), 4);
  return record;
}

/** The length of the record at `at`; undefined when its header is not whole or is none. */
export function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + headerBytes > bytes.length) return undefined;
  const length = bytes.readUInt32BE(at);
  return length >= headerBytes && length <= mostBytes ? length : undefined;
}

/** Is the checksum of the record at `at` right? */
export function isWhole(bytes: Buffer, at: number, length: number): boolean {
  return bytes.readUInt32BE(at + 4) === crc32(bytes.subarray(at + 8, at + length));
}

/** Events of the same send that follow the record at `at`. */
export function followingAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at + 20);
}

export function decodeRecord(bytes: Buffer, at: number, length: number): Omit<RecordParts, 'following'> {
  return {
    sequenceNumber: bytes.readUIntBE(at + 8, 6),
    enqueued: bytes.readUIntBE(at + 14, 6),
    message: bytes.subarray(at + headerBytes, at + length),
  };
}
