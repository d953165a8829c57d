/** A value as text and as a time, by .NET's `Convert.ChangeType` in the invariant culture. */
import { invariantText, type Ticks } from '../ticks.ts';
import { dateTicks } from './date-text.ts';
import { parseDate } from './parse-date.ts';
import { Float, Instant, type JsonValue, PlainText } from './value.ts';

/** Undefined for arrays and objects, which cannot be converted. A date loses its form: `02/01/2019 22:46:01`. */
export function valueText(value: JsonValue): string | undefined {
  switch (typeof value) {
    case 'string': {
      const ticks = dateTicks(value);
      return ticks === undefined ? value : invariantText(ticks);
    }
    case 'number':
      return Number.isInteger(value) ? wholeText(value) : doubleText(value);
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      if (value instanceof Float) return doubleText(value.value);
      if (value instanceof PlainText) return value.text;
      return value instanceof Instant ? invariantText(value.ticks) : undefined;
  }
}

/** Undefined for what is no time. Numbers are none: a mapping converts them with `fromUnixTimestamp`. */
export function valueTicks(value: JsonValue): Ticks | undefined {
  if (typeof value === 'string') return parseDate(value);
  if (value instanceof PlainText) return parseDate(value.text);
  return value instanceof Instant ? value.ticks : undefined;
}

function wholeText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(BigInt(value));
}

/** .NET's shortest text that reads back as the same double; with an exponent from 1E+15 and below 1E-04. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e15) return String(value);
  if (Object.is(value, -0)) return '-0';
  if (size === 0 || !Number.isFinite(value)) return String(value);
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}E${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
