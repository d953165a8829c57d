/** What an element of DICOM JSON says. Keys are tags as DICOM JSON writes them: `00100010`. */
import type { DicomJson, DicomJsonElement, DicomValue } from './dicom-json.ts';

/** It has a value, or bytes, that are not blank. */
export function hasValue(element: DicomJsonElement | undefined): boolean {
  const { Value = [], InlineBinary = '', BulkDataURI = '' } = element ?? {};
  return InlineBinary !== '' || BulkDataURI !== '' || Value.some((value) => textOf(value).trim() !== '');
}

/** The values as texts, without blanks around them; the groups of a name with `=` between. */
export function textsOf(dataSet: DicomJson, tag: string): string[] {
  return (dataSet[tag]?.Value ?? []).map((value) => textOf(value).trim());
}

/** The first value as text; empty when there is none. */
export function firstText(dataSet: DicomJson, tag: string): string {
  return textsOf(dataSet, tag)[0] ?? '';
}

/** The items of a sequence; none for anything else. */
export function itemsOf(dataSet: DicomJson, tag: string): readonly DicomJson[] {
  const { vr, Value = [] } = dataSet[tag] ?? { vr: '' };
  return vr === 'SQ' ? (Value as readonly DicomJson[]) : [];
}

/** An element of one value; an empty one without. */
export function element(vr: string, value?: string): DicomJsonElement {
  return value === undefined || value === '' ? { vr } : { vr, Value: [value] };
}

export function sequence(...items: readonly DicomJson[]): DicomJsonElement {
  return { vr: 'SQ', Value: items };
}

function textOf(value: DicomValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if ('Alphabetic' in value || 'Ideographic' in value || 'Phonetic' in value) {
    const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
    return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
  }
  // An item of a sequence says something by being there.
  return '{}';
}
