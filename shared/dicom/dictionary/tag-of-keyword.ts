/** Tags by their keywords, `PatientName` → (0010,0010). Source: DICOM PS3.6. */
import { tags } from '@iwharris/dicom-data-dictionary';
import type { Tag } from '../part10/data-set.ts';

let byKeyword: ReadonlyMap<string, Tag> | undefined;

/** `PatientName` (in this case) or eight hexadecimal digits; undefined for neither. */
export function tagOf(name: string): Tag | undefined {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return Number.parseInt(name, 16);
  byKeyword ??= new Map(
    Object.entries(tags as unknown as Readonly<Record<string, string>>).flatMap(([keyword, text]) => {
      const digits = text.replace(/[(),]/g, '');
      return /^[0-9A-F]{8}$/i.test(digits) ? [[keyword, Number.parseInt(digits, 16)] as const] : [];
    }),
  );
  return byKeyword.get(name);
}
