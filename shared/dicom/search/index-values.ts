/** The values that an instance is found by. AHDS: only the first value of an element is indexed. */
import type { IndexedValue } from '../../stores/imaging/imaging-index.ts';
import { binaryNumbers } from '../json/numbers.ts';
import { textValues } from '../json/text.ts';
import { characterSetOf } from '../json/values.ts';
import type { DataElement, DataSet } from '../part10/data-set.ts';
import { comparableDateTime, comparableTime } from './comparable.ts';
import type { SearchAttribute } from './core-attributes.ts';
import { foldedName, foldedText, nameWords } from './fold.ts';

export const integerVrs: ReadonlySet<string> = new Set(['IS', 'SL', 'SS', 'UL', 'US']);
export const numberVrs: ReadonlySet<string> = new Set(['DS', 'FD', 'FL', ...integerVrs]);

export function indexedValues(dataSet: DataSet, searched: readonly SearchAttribute[]): IndexedValue[] {
  const characterSet = characterSetOf(dataSet);
  return searched.flatMap(({ tag, vr, level }) => {
    const element = dataSet.elements.get(tag);
    if (!element?.value || element.value.length === 0) return [];
    const value = indexedValue(element, vr, dataSet.littleEndian, characterSet);
    return value ? [{ level, tag, ...value }] : [];
  });
}

function indexedValue(
  { value = new Uint8Array(0) }: DataElement,
  vr: string,
  littleEndian: boolean,
  characterSet: string,
): Omit<IndexedValue, 'level' | 'tag'> | undefined {
  if (numberVrs.has(vr)) {
    const [number] = binaryNumbers(value, vr, littleEndian) ?? [Number(textValues(value, vr, '')[0])];
    return typeof number === 'number' && Number.isFinite(number) ? { number } : undefined;
  }
  const [text = ''] = textValues(value, vr, characterSet);
  return textValue(vr, text);
}

/** Undefined for an empty text. */
export function textValue(vr: string, text: string): Pick<IndexedValue, 'text' | 'words'> | undefined {
  if (text === '') return undefined;
  if (vr === 'PN') return { text: foldedName(text), words: nameWords(text) };
  if (vr === 'TM') return { text: comparableTime(text) };
  if (vr === 'DT') return { text: comparableDateTime(text) };
  return { text: foldedText(text) };
}
