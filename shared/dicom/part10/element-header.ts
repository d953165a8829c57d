/** Tag, VR and length of an element. Source: DICOM PS3.5, 7.1.2 and 7.1.3. */
import { vrOfTag } from '../dictionary/vr-of-tag.ts';
import type { Tag } from './data-set.ts';
import type { Parsing } from './parsing.ts';
import type { Source } from './source.ts';

export interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

export interface ElementHeader {
  readonly tag: Tag;
  readonly vr: string;
  /** `undefinedLength` where a delimitation item ends the value. */
  readonly length: number;
}

export const undefinedLength = 0xffffffff;

export const shortVrs = new Set('AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

export function* readHeader(source: Source, encoding: Encoding): Parsing<ElementHeader> {
  const head = yield* source.take(8);
  const tag = tagAt(head, encoding);
  if (tag >>> 16 === 0xfffe) return { tag, vr: '', length: uint32(head, 4, encoding) };
  if (!encoding.explicitVr) return { tag, vr: vrOfTag(tag), length: uint32(head, 4, encoding) };
  const vr = head.toString('latin1', 4, 6);
  if (shortVrs.has(vr)) return { tag, vr, length: uint16(head, 6, encoding) };
  if (longVrs.has(vr)) return { tag, vr, length: uint32(yield* source.take(4), 0, encoding) };
  // Letters that are no VR yet: PS3.5 7.1.2 gives every future VR the long form. Anything else is an implicit element,
  // which some writers put between explicit ones.
  if (/^[A-Z]{2}$/.test(vr)) return { tag, vr: 'UN', length: uint32(yield* source.take(4), 0, encoding) };
  return { tag, vr: vrOfTag(tag), length: uint32(head, 4, encoding) };
}

export function tagAt(bytes: Buffer, { littleEndian }: Encoding): Tag {
  const [group, element] = littleEndian
    ? [bytes.readUInt16LE(0), bytes.readUInt16LE(2)]
    : [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
  return group * 0x10000 + element;
}

function uint16(bytes: Buffer, at: number, { littleEndian }: Encoding): number {
  return littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

function uint32(bytes: Buffer, at: number, { littleEndian }: Encoding): number {
  return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}
