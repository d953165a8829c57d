/** One filter of a search: exact, a range of dates, or the words of a name. Source: AHDS's conformance statement, QIDO. */
import type { ValueFilter } from '../../stores/imaging/imaging-index.ts';
import { DicomError } from '../errors.ts';
import { isDate } from '../store/vr-rules.ts';
import type { SearchAttribute } from './core-attributes.ts';
import { foldedName, foldedText, nameWords } from './fold.ts';

export function valueFilter({ vr, keyword }: SearchAttribute, value: string, fuzzy: boolean): ValueFilter {
  if (vr === 'DA') return dateFilter(keyword, value);
  if (vr !== 'PN') return { kind: 'equals', texts: [foldedText(value)] };
  if (!fuzzy) return { kind: 'equals', texts: [foldedName(value)] };
  if (value.includes('"')) throw new DicomError('invalid', 'A name to be matched by its words has no quotes.');
  return { kind: 'words', words: nameWords(value).split(' ') };
}

/** `a-b`, `a-`, `-b`, both ends inclusive; or one day. */
function dateFilter(keyword: string, value: string): ValueFilter {
  const [low = '', high, ...more] = value.split('-');
  const isRange = high !== undefined;
  const given = [low, high ?? ''].filter((date) => date !== '');
  if (
    more.length > 0 ||
    given.length === 0 ||
    !given.every(isDate) ||
    (isRange && low !== '' && high !== '' && low > high)
  ) {
    throw new DicomError('invalid', `${keyword} takes a date, YYYYMMDD, or a range of two.`);
  }
  if (!isRange) return { kind: 'equals', texts: [low] };
  return { kind: 'between', low: low === '' ? undefined : low, high: high === '' ? undefined : high };
}
