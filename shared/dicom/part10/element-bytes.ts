/** Elements in explicit VR little endian. Source: DICOM PS3.5, 7.1.2 and 7.5. */
import type { Tag } from './data-set.ts';
import { shortVrs } from './element-header.ts';
import { tags } from './tags.ts';

/** PS3.5, 6.2.2: a value that is too long for the short form of its VR is written as UN. */
export function explicitHeader(tag: Tag, vr: string, length: number): Buffer {
  if (shortVrs.has(vr) && length <= 0xffff) {
    const header = Buffer.alloc(8);
    writeTag(header, tag);
    header.write(vr, 4, 'latin1');
    header.writeUInt16LE(length, 6);
    return header;
  }
  const header = Buffer.alloc(12);
  writeTag(header, tag);
  header.write(shortVrs.has(vr) || vr === '' ? 'UN' : vr, 4, 'latin1');
  header.writeUInt32LE(length, 8);
  return header;
}

export function itemHeader(tag: Tag, length: number): Buffer {
  const header = Buffer.alloc(8);
  writeTag(header, tag);
  header.writeUInt32LE(length, 4);
  return header;
}

/** A fragment. */
export function itemBytes(content: Uint8Array): Buffer {
  const bytes = padded(content, 'OB');
  return Buffer.concat([itemHeader(tags.item, bytes.length), bytes]);
}

/** Values have an even length: text ends with a blank, everything else and UIDs with a zero (PS3.5, 6.2). */
export function padded(value: Uint8Array, vr: string): Uint8Array {
  if (value.length % 2 === 0) return value;
  const isText = /^(A[ES]|CS|D[AST]|IS|L[OT]|PN|S[HT]|TM|U[CRT])$/.test(vr);
  return Buffer.concat([value, Buffer.from([isText ? 0x20 : 0])]);
}

function writeTag(bytes: Buffer, tag: Tag): void {
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
}
