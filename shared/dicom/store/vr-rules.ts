/** What a value of a VR must look like. Source: DICOM PS3.5, 6.2, as AHDS checks it. */
import { isUid } from '../uid.ts';

/** AHDS's numbers for why a value could not be indexed. */
export const valueFaults = {
  multipleValues: 1,
  tooLong: 2,
  wrongLength: 3,
  badCharacters: 4,
  wrongVr: 5,
  tooManyGroups: 1000,
  groupTooLong: 1001,
  tooManyComponents: 1002,
  date: 1100,
  uid: 1200,
  dateTime: 1300,
  time: 1400,
  integerString: 1500,
} as const;

export type ValueFault = keyof typeof valueFaults;

/** Texts of the faults, for comments in answers. They quote no value. */
export const faultTexts: Readonly<Record<ValueFault, string>> = {
  multipleValues: 'it has more than one value',
  tooLong: 'it is too long for its VR',
  wrongLength: 'its length is not that of its VR',
  badCharacters: 'it has characters that its VR does not allow',
  wrongVr: 'its VR is not the one that the standard gives it',
  tooManyGroups: 'a name has at most three groups',
  groupTooLong: 'a group of a name has at most 64 characters',
  tooManyComponents: 'a group of a name has at most five components',
  date: 'it is not a date, YYYYMMDD',
  uid: 'it is not a UID',
  dateTime: 'it is not a date and time',
  time: 'it is not a time, HHMMSS.FFFFFF',
  integerString: 'it is not a whole number',
};

const byteLengths: Readonly<Record<string, number>> = { FD: 8, FL: 4, SL: 4, SS: 2, UL: 4, US: 2 };

type TextRule = (text: string) => ValueFault | undefined;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const control = /[\u0000-\u001a\u001c-\u001f\u007f]/;
const time = /^([01]\d|2[0-3])([0-5]\d([0-5]\d|60)?(\.\d{1,6})?)?$/;
const dateTime = /^\d{4}(\d\d(\d\d(\d\d(\d\d(\d\d(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/;

const textRules: Readonly<Record<string, TextRule>> = {
  AE: atMost(16),
  AS: (text) => (text.length === 4 ? undefined : 'wrongLength'),
  CS: atMost(16),
  DA: (text) => (isDate(text) ? undefined : 'date'),
  DT: (text) => (dateTime.test(text) && isCalendar(text) ? undefined : 'dateTime'),
  IS: (text) => (/^[+-]?\d{1,12}$/.test(text) ? undefined : 'integerString'),
  LO: (text) => atMost(64)(text) ?? (control.test(text) || text.includes('\\') ? 'badCharacters' : undefined),
  PN: personNameFault,
  SH: atMost(16),
  TM: (text) => (time.test(text) ? undefined : 'time'),
  UI: (text) => (text.length > 64 ? 'tooLong' : isUid(text) ? undefined : 'uid'),
};

/** What is wrong with one value as text, blanks and padding taken off; an empty one is right. */
export function textFault(vr: string, text: string): ValueFault | undefined {
  return text === '' ? undefined : textRules[vr]?.(text);
}

/** What is wrong with the bytes of a number. */
export function bytesFault(vr: string, value: Uint8Array): ValueFault | undefined {
  const length = byteLengths[vr];
  return length === undefined || value.length % length === 0 ? undefined : 'wrongLength';
}

function atMost(length: number): TextRule {
  return (text) => (text.length > length ? 'tooLong' : undefined);
}

export function isDate(text: string): boolean {
  return /^\d{8}$/.test(text) && isCalendar(text);
}

/** Month and day, as far as they are given, exist. */
function isCalendar(text: string): boolean {
  const [, year, month = '01', day = '01'] = /^(\d{4})(\d\d)?(\d\d)?/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function personNameFault(text: string): ValueFault | undefined {
  const groups = text.split('=');
  if (groups.length > 3) return 'tooManyGroups';
  for (const group of groups) {
    if (group.length > 64) return 'groupTooLong';
    if (control.test(group)) return 'badCharacters';
    if (group.split('^').length > 5) return 'tooManyComponents';
  }
  return undefined;
}
