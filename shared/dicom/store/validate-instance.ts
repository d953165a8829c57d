/** Whether an instance may be stored, and what is worth a warning. Source: AHDS's conformance statements v1 and v2, STOW. */
import { attributes } from '../attributes.ts';
import { textValues } from '../json/text.ts';
import { characterSetOf, textsOf } from '../json/values.ts';
import { type DataElement, type DataSet, type Tag, tagName } from '../part10/data-set.ts';
import type { SearchAttribute } from '../search/core-attributes.ts';
import { bytesFault, faultTexts, textFault, type ValueFault } from './vr-rules.ts';

export type DicomVersion = 1 | 2;

export interface Checked {
  /** Comments on why it cannot be stored; empty when it can. */
  readonly failures: readonly string[];
  /** v2: comments on elements that are stored but not right. */
  readonly warnings: readonly string[];
  /** v2: top-level elements that are neither shown nor indexed. */
  readonly omitted: ReadonlySet<Tag>;
  /** An indexed attribute has more values than the one that counts. */
  readonly severalValues: boolean;
}

const uids: readonly Tag[] = [
  attributes.sopClassUid,
  attributes.studyInstanceUid,
  attributes.seriesInstanceUid,
  attributes.sopInstanceUid,
];
const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

export function checkInstance(dataSet: DataSet, indexed: readonly SearchAttribute[], version: DicomVersion): Checked {
  const failures = [...uids.flatMap((tag) => requiredUid(dataSet, tag)), ...patientId(dataSet, version)];
  const severalValues = indexed.some(({ tag }) => textsOf(dataSet, tag).length > 1);
  if (version === 1) {
    failures.push(...indexed.flatMap((attribute) => indexedFault(dataSet, attribute)));
    return { failures, warnings: [], omitted: new Set(), severalValues };
  }
  const warnings: string[] = [];
  const omitted = new Set<Tag>();
  const characterSet = characterSetOf(dataSet);
  for (const element of dataSet.elements.values()) {
    const fault = elementFault(element, characterSet);
    if (!fault) continue;
    warnings.push(comment(element.tag, faultTexts[fault]));
    if (!uids.includes(element.tag) && element.tag !== attributes.patientId) omitted.add(element.tag);
  }
  if (textsOf(dataSet, attributes.patientId).join('').trim() === '') {
    warnings.push(comment(attributes.patientId, 'it is empty'));
  }
  return { failures, warnings, omitted, severalValues };
}

/** `DICOM100` is the only code of its kind that AHDS has. */
export function comment(tag: Tag, text: string): string {
  return `DICOM100: ${tagName(tag)} - ${text}`;
}

function requiredUid(dataSet: DataSet, tag: Tag): string[] {
  const values = textsOf(dataSet, tag);
  if (values.length === 0 || values[0] === '') return [comment(tag, 'it is required')];
  if (values.length > 1) return [comment(tag, faultTexts.multipleValues)];
  const fault = textFault('UI', values[0] ?? '');
  return fault ? [comment(tag, faultTexts[fault])] : [];
}

/** v1: there, and not empty. v2: there. */
function patientId(dataSet: DataSet, version: DicomVersion): string[] {
  const tag = attributes.patientId;
  if (!dataSet.elements.has(tag)) return [comment(tag, 'it is required')];
  const [first = '', ...more] = textsOf(dataSet, tag);
  if (version === 1 && first === '') return [comment(tag, 'it is empty')];
  if (more.length > 0) return [comment(tag, faultTexts.multipleValues)];
  const fault = textFault('LO', first);
  return fault ? [comment(tag, faultTexts[fault])] : [];
}

function indexedFault(dataSet: DataSet, { tag, vr }: SearchAttribute): string[] {
  const element = dataSet.elements.get(tag);
  if (!element) return [];
  if (element.vr !== vr) return [comment(tag, faultTexts.wrongVr)];
  const fault = valueFault({ ...element, vr }, characterSetOf(dataSet), 1);
  return fault ? [comment(tag, faultTexts[fault])] : [];
}

/** The first fault of an element or of anything inside it. */
function elementFault(element: DataElement, characterSet: string): ValueFault | undefined {
  for (const item of element.items ?? []) {
    const own = characterSetOf(item, characterSet);
    for (const inner of item.elements.values()) {
      const fault = elementFault(inner, own);
      if (fault) return fault;
    }
  }
  return valueFault(element, characterSet);
}

/** AHDS: of an indexed attribute only the first value counts. */
function valueFault({ vr, value }: DataElement, characterSet: string, most?: number): ValueFault | undefined {
  if (!value || value.length === 0 || binaryVrs.has(vr)) return undefined;
  const ofBytes = bytesFault(vr, value);
  if (ofBytes) return ofBytes;
  for (const text of textValues(value, vr, characterSet).slice(0, most)) {
    const fault = textFault(vr, text);
    if (fault) return fault;
  }
  return undefined;
}
