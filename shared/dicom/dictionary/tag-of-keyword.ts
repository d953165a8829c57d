/** Tags by their keywords, `PatientName` → (0010,0010). Source: DICOM PS3.6. */
import { tags } from '@iwharris/dicom-data-dictionary';
import type { Tag } from '../part10/data-set.ts';

let byKeyword: ReadonlyMap<string, Tag> | undefined;
let byLowerKeyword: ReadonlyMap<string, Tag> | undefined;

/** `PatientName` (in this case) or eight hexadecimal digits; undefined for neither. */
export function tagOf(name: string): Tag | undefined {
  return digits(name) ?? keywords().get(name);
}

/** As `tagOf`, with the keyword in any case. */
export function tagOfAnyCase(name: string): Tag | undefined {
  byLowerKeyword ??= new Map([...keywords()].map(([keyword, tag]) => [keyword.toLowerCase(), tag]));
  return digits(name) ?? byLowerKeyword.get(name.toLowerCase());
}

/** The tag of a keyword that the service itself uses. */
export function tagNamed(keyword: string): Tag {
  const tag = keywords().get(keyword);
  if (tag === undefined) throw new Error(`${keyword} is no keyword.`);
  return tag;
}

function digits(name: string): Tag | undefined {
  return /^[0-9A-Fa-f]{8}$/.test(name) ? Number.parseInt(name, 16) : undefined;
}

function keywords(): ReadonlyMap<string, Tag> {
  byKeyword ??= new Map(
    Object.entries(tags as unknown as Readonly<Record<string, string>>).flatMap(([keyword, text]) => {
      const hex = text.replace(/[(),]/g, '');
      return /^[0-9A-F]{8}$/i.test(hex) ? [[keyword, Number.parseInt(hex, 16)] as const] : [];
    }),
  );
  return byKeyword;
}
