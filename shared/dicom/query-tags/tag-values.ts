/**
 * What an instance is found by for the query tags of its service, from its metadata, so that one that is stored and one
 * that was stored before the tag came are indexed alike. AHDS: the first value of an element; an empty one not at all.
 */
import type { IndexedValue } from '../../stores/imaging/imaging-index.ts';
import type { QueryTag } from '../../stores/imaging/query-tags.ts';
import type { DicomJson, DicomValue } from '../json/dicom-json.ts';
import type { PersonName } from '../json/person-name.ts';
import { type Tag, tagText } from '../part10/data-set.ts';
import { integerVrs, numberVrs, textValue } from '../search/index-values.ts';
import { textFault, type ValueFault } from '../store/vr-rules.ts';

export interface TagFault {
  readonly tag: Tag;
  readonly fault: ValueFault;
}

export interface TagValues {
  readonly values: readonly IndexedValue[];
  readonly faults: readonly TagFault[];
  /** Some element has more values than the first. */
  readonly severalValues: boolean;
}

export function tagValues(metadata: DicomJson, tags: readonly QueryTag[]): TagValues {
  const values: IndexedValue[] = [];
  const faults: TagFault[] = [];
  let severalValues = false;
  for (const { tag, vr, creator, level, status } of tags) {
    if (status === 'deleting') continue;
    const place = creator === undefined ? tag : privatePlace(metadata, tag, creator);
    const element = place === undefined ? undefined : metadata[tagText(place)];
    if (!element) continue;
    const [first = null, ...more] = element.Value ?? [];
    severalValues ||= more.length > 0;
    const fault = element.vr === vr ? faultOf(vr, first) : 'wrongVr';
    if (fault) faults.push({ tag, fault });
    else if (first !== null) {
      const value = indexedBy(vr, first);
      if (value) values.push({ level, tag, ...value });
    }
  }
  return { values, faults, severalValues };
}

/** Where a data set has a private element: in the block that its creator reserved. Source: DICOM PS3.5, 7.8.1. */
function privatePlace(metadata: DicomJson, tag: Tag, creator: string): Tag | undefined {
  const group = (tag & 0xffff0000) >>> 0;
  for (let block = 0x10; block <= 0xff; block += 1) {
    if (metadata[tagText(group + block)]?.Value?.[0] === creator) return group + block * 0x100 + (tag & 0xff);
  }
  return undefined;
}

function faultOf(vr: string, value: DicomValue): ValueFault | undefined {
  if (value === null) return undefined;
  if (vr === 'DS') return typeof value === 'number' ? undefined : 'badCharacters';
  // Other numbers are numbers since they were read.
  if (numberVrs.has(vr) && vr !== 'IS') return undefined;
  return textFault(vr, textOf(value));
}

function indexedBy(vr: string, value: DicomValue): Omit<IndexedValue, 'level' | 'tag'> | undefined {
  if (!numberVrs.has(vr)) return textValue(vr, textOf(value));
  const number = typeof value === 'number' ? value : integerVrs.has(vr) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? { number } : undefined;
}

function textOf(value: DicomValue): string {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as PersonName;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}
