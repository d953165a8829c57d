/** Where two JSON values differ. Numbers may differ by rounding, in texts too: AHDS and .NET do not write the same digits. */
import type { JsonValue } from '../../fhir/resource/types.ts';
import { dateTicks } from '../json/date-text.ts';

const tolerance = 1e-12;
const number = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

export interface Difference {
  /** `[0].properties[1].value` */
  readonly place: string;
  /** Undefined: there is nothing. */
  readonly expected: JsonValue | undefined;
  readonly actual: JsonValue | undefined;
}

export function differences(expected: JsonValue | undefined, actual: JsonValue | undefined, place = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differences(expected[index], actual[index], `${place}[${index}]`),
    ).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) =>
      differences(expected[name], actual[name], place === '' ? name : `${place}.${name}`),
    );
  }
  return sameScalar(expected, actual) ? [] : [{ place, expected, actual }];
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameScalar(expected: JsonValue | undefined, actual: JsonValue | undefined): boolean {
  if (expected === actual) return true;
  if (typeof expected === 'number' && typeof actual === 'number') return near(expected, actual);
  return typeof expected === 'string' && typeof actual === 'string' && sameText(expected, actual);
}

/** The same moment, or the same numbers, also of sampled data. */
function sameText(expected: string, actual: string): boolean {
  const ticks = dateTicks(expected);
  if (ticks !== undefined && ticks === dateTicks(actual)) return true;
  const [one, other] = [expected.split(' '), actual.split(' ')];
  return one.length === other.length && one.every((part, index) => sameWord(part, other[index] ?? ''));
}

function sameWord(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  return number.test(expected) && number.test(actual) && near(Number(expected), Number(actual));
}

function near(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= tolerance * Math.max(Math.abs(expected), Math.abs(actual));
}
