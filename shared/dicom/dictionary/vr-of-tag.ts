/**
 * The VR that the standard gives a tag, for data sets that do not write it. Source: DICOM PS3.6, as the package
 * `@iwharris/dicom-data-dictionary` has it. Its tables are made at the first question: most files write their VRs.
 */
import { elements } from '@iwharris/dicom-data-dictionary';
import type { Tag } from '../part10/data-set.ts';

interface Published {
  readonly tag: string;
  readonly keyword: string;
  readonly vr: string;
}

interface Dictionary {
  readonly vrs: ReadonlyMap<Tag, string>;
  /** `(60xx,3000)` and the like, with the group's lower byte as 0. */
  readonly repeating: ReadonlyMap<Tag, string>;
}

let dictionary: Dictionary | undefined;

/** `US or SS`, `OB or OW` where the standard leaves it to other elements; `UN` for a tag that it does not know. */
export function publishedVr(tag: Tag): string {
  dictionary ??= load();
  const group = tag >>> 16;
  const element = tag & 0xffff;
  if (element === 0) return 'UL';
  if (group % 2 === 1) return element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
  return dictionary.vrs.get(tag) ?? dictionary.repeating.get((tag & 0xff00ffff) >>> 0) ?? 'UN';
}

/** As `publishedVr`, with one VR for those that depend: values of 16 bits are unsigned, bytes of a table are words. */
export function vrOfTag(tag: Tag): string {
  const vr = publishedVr(tag);
  if (vr.length <= 2) return vr;
  return vr.startsWith('OB') || vr.endsWith('OW') ? 'OW' : vr.slice(0, 2);
}

function load(): Dictionary {
  const vrs = new Map<Tag, string>();
  const repeating = new Map<Tag, string>();
  for (const { tag, vr } of Object.values(elements as unknown as Readonly<Record<string, Published>>)) {
    const digits = tag.replace(/[(),]/g, '');
    if (/^[0-9A-F]{8}$/i.test(digits)) vrs.set(Number.parseInt(digits, 16), vr);
    else if (/^(50|60)xx[0-9A-F]{4}$/i.test(digits)) {
      repeating.set(Number.parseInt(digits.replace(/xx/i, '00'), 16), vr);
    }
  }
  return { vrs, repeating };
}
