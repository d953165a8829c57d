/**
 * A file with some elements of its top level changed; every other byte stays as it is. AHDS differs: it writes its own
 * implementation class into the file's head.
 */

import { attributes } from '../attributes.ts';
import { textValues } from '../json/text.ts';
import type { Part10 } from '../part10/read-part10.ts';
import type { Change } from './change-set.ts';

/** The file cannot be changed; the message holds no personal data. */
export class CannotChange extends Error {}

/** In the place of the bytes from `start` to `end` comes `bytes`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** In the order of their places. */
export function splices(file: Part10, changes: readonly Change[]): Splice[] {
  if (file.syntax.deflated) throw new CannotChange('A deflated file cannot be changed.');
  return changes.map((change) => {
    const at = file.starts.findIndex(([tag]) => tag >= change.tag);
    const start = file.starts[at]?.[1] ?? file.end;
    const end = file.starts[at]?.[0] === change.tag ? (file.starts[at + 1]?.[1] ?? file.end) : start;
    return { start, end, bytes: elementBytes(file, change) };
  });
}

export async function* spliced(
  content: AsyncIterable<Uint8Array>,
  changes: readonly Splice[],
): AsyncGenerator<Uint8Array> {
  const waiting = [...changes];
  let at = 0;
  for await (const chunk of content) {
    const end = at + chunk.length;
    let from = at;
    for (let next = waiting[0]; next && next.start < end; next = waiting[0]) {
      if (next.start > from) yield chunk.subarray(from - at, next.start - at);
      if (next.start >= at) yield next.bytes;
      from = Math.min(next.end, end);
      if (next.end > end) break;
      waiting.shift();
    }
    if (from < end) yield chunk.subarray(from - at);
    at = end;
  }
  for (const { start, bytes } of waiting) if (start >= at) yield bytes;
}

function elementBytes({ syntax, dataSet }: Part10, { tag, vr, text }: Change): Buffer {
  const { littleEndian, explicitVr } = syntax;
  const set = dataSet.elements.get(attributes.specificCharacterSet)?.value;
  const value = encoded(text, set ? (textValues(set, 'CS', '')[0] ?? '') : '');
  const length = value.length + (value.length % 2);
  const bytes = Buffer.alloc(8 + length, ' ');
  if (littleEndian) {
    bytes.writeUInt16LE(tag >>> 16, 0);
    bytes.writeUInt16LE(tag & 0xffff, 2);
  } else {
    bytes.writeUInt16BE(tag >>> 16, 0);
    bytes.writeUInt16BE(tag & 0xffff, 2);
  }
  if (!explicitVr) bytes.writeUInt32LE(length, 4);
  else {
    bytes.write(vr, 4, 'latin1');
    if (littleEndian) bytes.writeUInt16LE(length, 6);
    else bytes.writeUInt16BE(length, 6);
  }
  value.copy(bytes, 8);
  return bytes;
}

/** The file's character set stays, because its other texts are in it. */
function encoded(text: string, characterSet: string): Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for.
  if (/^[\x00-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
  if (characterSet === 'ISO_IR 192') return Buffer.from(text);
  if (characterSet === 'ISO_IR 100' && !/[^\u0020-\u007e\u00a0-\u00ff]/.test(text)) return Buffer.from(text, 'latin1');
  throw new CannotChange('A new value has characters that the character set of the file does not have.');
}
