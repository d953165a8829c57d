/** Keywords of tags, (0010,0010) → `PatientName`. Source: DICOM PS3.6. */
import { tags } from '@iwharris/dicom-data-dictionary';
import type { Tag } from '../part10/data-set.ts';

let byTag: ReadonlyMap<Tag, string> | undefined;

/** Undefined for a tag that the standard does not know. */
export function keywordOf(tag: Tag): string | undefined {
  byTag ??= load();
  return byTag.get(tag) ?? (isRepeating(tag) ? byTag.get((tag & 0xff00ffff) >>> 0) : undefined);
}

/** Groups 50xx and 60xx: the attributes of the first are those of all. */
function isRepeating(tag: Tag): boolean {
  const group = tag >>> 24;
  return group === 0x50 || group === 0x60;
}

function load(): ReadonlyMap<Tag, string> {
  return new Map(
    Object.entries(tags as unknown as Readonly<Record<string, string>>).flatMap(([keyword, text]) => {
      const hex = text.replace(/[(),]/g, '').replace(/^(50|60)xx/i, '$100');
      return /^[0-9A-F]{8}$/i.test(hex) ? [[Number.parseInt(hex, 16), keyword] as const] : [];
    }),
  );
}
