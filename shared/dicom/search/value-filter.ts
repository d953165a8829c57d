/** One filter of a search: exact, a range, a number, or the words of a name. Source: AHDS's conformance statement, QIDO. */
import type { ValueFilter } from '../../stores/imaging/imaging-index.ts';
import { DicomError } from '../errors.ts';
import { isDate, textFault } from '../store/vr-rules.ts';
import { comparableDateTime, comparableTime } from './comparable.ts';
import type { SearchAttribute } from './core-attributes.ts';
import { foldedName, foldedText, nameWords } from './fold.ts';
import { integerVrs, numberVrs } from './index-values.ts';

export function valueFilter({ vr, keyword }: SearchAttribute, value: string, fuzzy: boolean): ValueFilter {
  const range = ranges[vr];
  if (range) return rangeFilter(range, keyword, value);
  if (numberVrs.has(vr)) return { kind: 'number', number: numberIn(vr, keyword, value) };
  if (vr !== 'PN') return { kind: 'equals', texts: [foldedText(value)] };
  if (!fuzzy) return { kind: 'equals', texts: [foldedName(value)] };
  if (value.includes('"')) throw new DicomError('invalid', 'A name to be matched by its words has no quotes.');
  return { kind: 'words', words: nameWords(value).split(' ') };
}

interface Range {
  readonly form: string;
  readonly isRight: (text: string) => boolean;
  readonly comparable: (text: string) => string;
}

/** AHDS: a query's date and time has no offset from UTC. */
const ranges: Readonly<Record<string, Range>> = {
  DA: { form: 'a date, YYYYMMDD', isRight: isDate, comparable: (text) => text },
  DT: {
    form: 'a date and time, YYYYMMDDHHMMSS.FFFFFF',
    isRight: (text) => !/[+-]/.test(text) && textFault('DT', text) === undefined,
    comparable: comparableDateTime,
  },
  TM: {
    form: 'a time, HHMMSS.FFFFFF',
    isRight: (text) => textFault('TM', text) === undefined,
    comparable: comparableTime,
  },
};

/** `a-b`, `a-`, `-b`, both ends inclusive; or one alone. */
function rangeFilter({ form, isRight, comparable }: Range, keyword: string, value: string): ValueFilter {
  const ends = value.split('-').map((text) => text.trim());
  const given = ends.filter((text) => text !== '');
  const [low, high] = ends.map((text) => (text === '' ? undefined : comparable(text)));
  const isInOrder = low === undefined || high === undefined || low <= high;
  if (ends.length > 2 || given.length === 0 || !given.every(isRight) || !isInOrder) {
    throw new DicomError('invalid', `${keyword} takes ${form}, or a range of two.`);
  }
  if (ends.length === 1) return { kind: 'equals', texts: [low ?? ''] };
  return { kind: 'between', low, high };
}

/** Whole numbers have 64 bits. */
function numberIn(vr: string, keyword: string, value: string): number {
  const pattern = integerVrs.has(vr) ? /^[+-]?\d{1,19}$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
  const isRight =
    pattern.test(value) &&
    (!integerVrs.has(vr) || BigInt.asIntN(64, BigInt(value.replace('+', ''))) === BigInt(value.replace('+', '')));
  const number = isRight ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new DicomError('invalid', `${keyword} takes a number.`);
}
