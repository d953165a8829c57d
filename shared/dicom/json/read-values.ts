/** The values of one element of DICOM JSON, by its VR. Source: DICOM PS3.18, F.2.3 and F.2.4. */
import type { DicomValue } from './dicom-json.ts';
import { decimalValues } from './numbers.ts';
import type { PersonName } from './person-name.ts';

const numberVrs = new Set(['FD', 'FL', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);
const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
/** What JSON has no number for, and integers that are too long for one. */
const numberText = /^(-?\d{1,20}|NaN|-?Infinity|-?inf|nan)$/;

/** An empty value is null. `wrong` makes the error for values that the VR does not have. */
export function readValues(values: readonly unknown[], vr: string, wrong: (why: string) => Error): DicomValue[] {
  if (binaryVrs.has(vr)) throw wrong('must have its value as InlineBinary');
  const refuse = () => wrong(`has a value that ${vr} does not have`);
  if (vr === 'IS' || vr === 'DS') return decimals(values, vr, refuse);
  return values.map((value) => {
    if (value === null || value === '') return null;
    if (vr === 'PN') return name(value, refuse);
    if (numberVrs.has(vr)) {
      if (typeof value === 'number' || (typeof value === 'string' && numberText.test(value))) return value;
      throw refuse();
    }
    if (typeof value !== 'string' || (vr === 'AT' && !/^[0-9A-Fa-f]{8}$/.test(value))) throw refuse();
    return value;
  });
}

function decimals(values: readonly unknown[], vr: string, refuse: () => Error): DicomValue[] {
  const texts = values.map((value) => {
    if (value === null) return '';
    if (typeof value === 'number' || typeof value === 'string') return String(value).trim();
    throw refuse();
  });
  return decimalValues(texts, vr) ?? [];
}

function name(value: unknown, refuse: () => Error): PersonName | null {
  if (typeof value === 'string') return { Alphabetic: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse();
  const members = new Map(Object.entries(value).map(([key, text]) => [key.toLowerCase(), text as unknown]));
  const read: Record<string, string> = {};
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
    const text = members.get(group.toLowerCase()) ?? '';
    if (typeof text !== 'string') throw refuse();
    if (text !== '') read[group] = text;
  }
  return Object.keys(read).length === 0 ? null : read;
}
