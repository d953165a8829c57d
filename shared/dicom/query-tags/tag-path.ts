/** The tag that an address or a request's body names: a keyword, or eight hexadecimal digits. */
import { tagOf } from '../dictionary/tag-of-keyword.ts';
import { DicomError } from '../errors.ts';
import type { Tag } from '../part10/data-set.ts';

export function tagIn(path: string): Tag {
  const tag = tagOf(path.trim());
  if (tag !== undefined) return tag;
  throw new DicomError('invalid', 'A tag is a keyword of an attribute or eight hexadecimal digits.');
}

export function isPrivate(tag: Tag): boolean {
  return (tag >>> 16) % 2 === 1;
}

/** (gggg,0010) to (gggg,00FF) of a private group: who has reserved a block of its elements. */
export function isIdentificationCode(tag: Tag): boolean {
  const element = tag & 0xffff;
  return isPrivate(tag) && element >= 0x10 && element <= 0xff;
}
