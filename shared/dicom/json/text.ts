/** The text of a value, whatever character set it is written in. Source: DICOM PS3.5, 6.1 and 6.2. */
import { convertBytes } from 'dicom-character-set';

/** VRs that (0008,0005) speaks of; every other text is of the default repertoire. */
const characterSetVrs = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
/** A single value each: a backslash in them is text. */
const singleValued = new Set(['LT', 'ST', 'UR', 'UT']);
/** Blanks before the text belong to it. */
const keepsLeadingBlanks = new Set(['LT', 'ST', 'UC', 'UR', 'UT']);

/** `characterSet` as the data set has it, several joined by `\`; empty: the default repertoire. */
export function textValues(bytes: Uint8Array, vr: string, characterSet: string): string[] {
  const text = decoded(bytes, vr, characterSet);
  const values = singleValued.has(vr) ? [text] : text.split('\\');
  return values.map((value) => {
    const ended = value.replace(/[\0 ]+$/, '');
    return keepsLeadingBlanks.has(vr) ? ended : ended.replace(/^ +/, '');
  });
}

function decoded(bytes: Uint8Array, vr: string, characterSet: string): string {
  if (!characterSetVrs.has(vr) || isPlain(bytes, characterSet)) return latin1(bytes);
  try {
    return convertBytes(characterSet || undefined, bytes, { vr });
  } catch {
    // A character set that nobody has defined: the bytes stay apart, so that nothing is lost.
    return latin1(bytes);
  }
}

/** ASCII without escapes means the same in every set but the one that has a yen sign for the backslash. */
function isPlain(bytes: Uint8Array, characterSet: string): boolean {
  if (characterSet.includes('IR 13')) return false;
  return bytes.every((byte) => byte < 0x80 && byte !== 0x1b);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
