/**
 * One filter of a search: exact, a range, a number, or the words of a name. Source: AHDS's conformance statement, QIDO.
 * AHDS differs: it has no wildcards and no lists of UIDs (DICOM PS3.4, C.2.2.2.4 and C.2.2.2.2).
 */
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
  if (vr === 'UI') return { kind: 'equals', texts: uidList(value) };
  if (vr !== 'PN' || !fuzzy) return textFilter(vr, vr === 'PN' ? foldedName(value) : foldedText(value));
  if (value.includes('"')) throw new DicomError('invalid', 'A name to be matched by its words has no quotes.');
  return { kind: 'words', words: nameWords(value).split(' ') };
}

/** Separated by commas or backslashes. */
export function uidList(value: string): readonly string[] {
  const uids = value.split(/[,\\]/).map((uid) => uid.trim());
  if (uids.length <= mostUids && uids.every((uid) => uid !== '')) return uids;
  throw new DicomError('invalid', `A list of UIDs has 1 to ${mostUids} of them, separated by commas.`);
}

const mostUids = 200;
const wildcardVrs = new Set(['AE', 'CS', 'LO', 'PN', 'SH']);
/** Each makes a search through the values slower. */
const mostWildcards = 8;

/** `*` alone asks for nothing: it holds where the attribute is absent too (PS3.4, C.2.2.2.3). */
export function isUniversal(vr: string, value: string): boolean {
  return wildcardVrs.has(vr) && /^\*+$/.test(value);
}

function textFilter(vr: string, folded: string): ValueFilter {
  const wildcards = wildcardVrs.has(vr) ? (folded.match(/[*?]/g) ?? []).length : 0;
  if (wildcards === 0) return { kind: 'equals', texts: [folded] };
  const pattern = folded.replace(/\*+/g, '*');
  if (pattern.split('*').length - 1 > mostWildcards) {
    throw new DicomError('invalid', `A filter has at most ${mostWildcards} wildcards *.`);
  }
  return { kind: 'matches', pattern };
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
