/** The few AMQP values that the broker itself writes into messages. */
import type { Place } from '../log/partition-log.ts';

export function symbol(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xa3, text.length]), Buffer.from(text, 'latin1')]);
}

export function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < 256) return Buffer.concat([Buffer.from([0xa1, bytes.length]), bytes]);
  const head = Buffer.alloc(5, 0xb1);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

export function long(value: number): Buffer {
  return eightBytes(0x81, value);
}

/** Milliseconds since 1970. */
export function timestamp(value: number): Buffer {
  return eightBytes(0x83, value);
}

function eightBytes(code: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, code);
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

/** A section that is a map; `entries` are encoded keys, each with its value. */
export function mapSection(code: number, entries: readonly Buffer[]): Buffer {
  const size = entries.reduce((sum, { length }) => sum + length, 4);
  const head = Buffer.alloc(12);
  head.set([0x00, 0x53, code, 0xd1]);
  head.writeUInt32BE(size, 4);
  head.writeUInt32BE(entries.length * 2, 8);
  return Buffer.concat([head, ...entries], size + 8);
}

const sequenceNumberKey = symbol('x-opt-sequence-number');
const offsetKey = symbol('x-opt-offset');
const enqueuedTimeKey = symbol('x-opt-enqueued-time');

/** Message annotations: the sender's, then where the event stands in its partition. */
export function encodeAnnotations(known: readonly Buffer[], { sequenceNumber, offset, enqueued }: Place): Buffer {
  return mapSection(0x72, [
    ...known,
    Buffer.concat([sequenceNumberKey, long(sequenceNumber)]),
    Buffer.concat([offsetKey, string(offset)]),
    Buffer.concat([enqueuedTimeKey, timestamp(enqueued)]),
  ]);
}
