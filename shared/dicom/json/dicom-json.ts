/** A data set as DICOM JSON. Source: DICOM PS3.18, annex F; where it leaves a choice, what AHDS writes. */
import type { DataElement, DataSet } from '../part10/data-set.ts';
import { tagText } from '../part10/data-set.ts';
import { tags } from '../part10/tags.ts';
import { binaryNumbers, decimalValues } from './numbers.ts';
import { type PersonName, personName } from './person-name.ts';
import { textValues } from './text.ts';

export type DicomValue = string | number | null | PersonName | DicomJson;

export interface DicomJsonElement {
  readonly vr: string;
  readonly Value?: readonly DicomValue[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}

export type DicomJson = { readonly [tag: string]: DicomJsonElement };

export interface DicomJsonOptions {
  /** How a binary element is written; undefined leaves it out, as AHDS leaves out all of them at every depth. */
  readonly binary: (element: DataElement) => Pick<DicomJsonElement, 'InlineBinary' | 'BulkDataURI'> | undefined;
}

/** As AHDS writes metadata: without any binary element. */
export const withoutBinary: DicomJsonOptions = { binary: () => undefined };

const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

export function isBinary(vr: string): boolean {
  return binaryVrs.has(vr);
}

/** `characterSet` is that of the data set around an item. Group lengths are left out. */
export function dicomJson(dataSet: DataSet, options: DicomJsonOptions, characterSet = ''): DicomJson {
  const own = dataSet.elements.get(tags.specificCharacterSet)?.value;
  const set = own ? textValues(own, 'CS', '').join('\\') : characterSet;
  const json: Record<string, DicomJsonElement> = {};
  for (const element of [...dataSet.elements.values()].sort((one, other) => one.tag - other.tag)) {
    if ((element.tag & 0xffff) === 0) continue;
    const written = elementJson(element, dataSet.littleEndian, options, set);
    if (written) json[tagText(element.tag)] = written;
  }
  return json;
}

function elementJson(
  element: DataElement,
  littleEndian: boolean,
  options: DicomJsonOptions,
  characterSet: string,
): DicomJsonElement | undefined {
  const { vr, value, items } = element;
  if (items) {
    return items.length === 0 ? { vr } : { vr, Value: items.map((item) => dicomJson(item, options, characterSet)) };
  }
  if (isBinary(vr)) {
    const binary = options.binary(element);
    return binary && { vr, ...binary };
  }
  if (!value || value.length === 0) return { vr };
  const Value = valuesOf(value, vr, littleEndian, characterSet);
  return Value.every((one) => one === null) ? { vr } : { vr, Value };
}

function valuesOf(value: Uint8Array, vr: string, littleEndian: boolean, characterSet: string): DicomValue[] {
  if (vr === 'AT') return attributeTags(value, littleEndian);
  const numbers = binaryNumbers(value, vr, littleEndian);
  if (numbers) return numbers;
  const texts = textValues(value, vr, characterSet);
  if (vr === 'PN') return texts.map(personName);
  return decimalValues(texts, vr) ?? texts.map((text) => (text === '' ? null : text));
}

function attributeTags(value: Uint8Array, littleEndian: boolean): string[] {
  const halves = (binaryNumbers(value, 'US', littleEndian) ?? []).map(Number);
  const pairs = Math.floor(halves.length / 2);
  return Array.from({ length: pairs }, (_, at) => tagText((halves[at * 2] ?? 0) * 0x10000 + (halves[at * 2 + 1] ?? 0)));
}
