/** The sections of an encoded AMQP message (part 3.2 of the standard), by their bytes. */
import { endOfValue, MalformedMessage } from './values.ts';

export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  value: 0x77,
  footer: 0x78,
} as const;

const lists = [0x45, 0xc0, 0xd0];
const maps = [0xc1, 0xd1];
const binaries = [0xa0, 0xb0];

/** Format codes of what a section may have as its value; that of code 0x77 may be anything. */
const kinds: Readonly<Record<number, readonly number[]>> = {
  112: lists,
  113: maps,
  114: maps,
  115: lists,
  116: maps,
  117: binaries,
  118: lists,
  120: maps,
};

export interface Section {
  readonly code: number;
  /** The section with its descriptor. */
  readonly whole: Buffer;
  /** The value alone, with its constructor. */
  readonly value: Buffer;
}

/** Throws `MalformedMessage` unless all bytes are whole sections. */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [code, valueAt] = descriptorAt(bytes, at);
    const end = endOfValue(bytes, valueAt);
    if (kinds[code]?.includes(bytes[valueAt] as number) === false) {
      throw new MalformedMessage(`A section of code 0x${code.toString(16)} has a value of another kind.`);
    }
    sections.push({ code, whole: bytes.subarray(at, end), value: bytes.subarray(valueAt, end) });
    at = end;
  }
  return sections;
}

/** `0x00`, then the descriptor as ulong, short (0x53) or long (0x80). */
function descriptorAt(bytes: Buffer, at: number): [code: number, valueAt: number] {
  const isShort = bytes[at] === 0x00 && bytes[at + 1] === 0x53 && at + 3 <= bytes.length;
  const isLong = bytes[at] === 0x00 && bytes[at + 1] === 0x80 && at + 10 <= bytes.length;
  const code = isShort ? bytes.readUInt8(at + 2) : isLong ? Number(bytes.readBigUInt64BE(at + 2)) : 0;
  if (code < 0x70 || code > 0x78) throw new MalformedMessage('A message has something other than sections.');
  return [code, at + (isShort ? 3 : 10)];
}

/** The bytes of a data section. */
export function dataOf({ value }: Section): Buffer {
  return value.subarray(value[0] === 0xa0 ? 2 : 5);
}

export interface MapEntry {
  readonly key: string;
  /** Key and value as they stand. */
  readonly bytes: Buffer;
  /** The value alone. */
  readonly value: Buffer;
}

/** The entries of a section that is a map with texts as keys. */
export function mapEntries({ value }: Section): MapEntry[] {
  const entries: MapEntry[] = [];
  for (let at = value[0] === 0xc1 ? 3 : 9; at < value.length; ) {
    const valueAt = endOfValue(value, at);
    const end = endOfValue(value, valueAt);
    const key = textOf(value.subarray(at, valueAt)) ?? '';
    entries.push({ key, bytes: value.subarray(at, end), value: value.subarray(valueAt, end) });
    at = end;
  }
  return entries;
}

/** A string or symbol; undefined when the value is something else. */
export function textOf(value: Buffer): string | undefined {
  if (value[0] === 0xa1 || value[0] === 0xa3) return value.toString('utf8', 2);
  if (value[0] === 0xb1 || value[0] === 0xb3) return value.toString('utf8', 5);
  return undefined;
}
