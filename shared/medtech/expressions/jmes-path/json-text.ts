import { dateRewritten, rewritten } from '../../json/date-text.ts';
import { Float, Instant, isArray, isObject, type JsonValue, PlainText } from '../../json/value.ts';
import { doubleText } from '../../json/value-text.ts';
import type { Work } from '../work.ts';

/** JSON without blanks, as Newtonsoft writes it: dates in their ISO form, floats with a point or an exponent. */
export function jsonText(value: JsonValue, work: Work): string {
  work.spend(1);
  if (isArray(value)) return `[${value.map((item) => jsonText(item, work)).join(',')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${quoted(name, work)}:${jsonText(member, work)}`);
    return `{${members.join(',')}}`;
  }
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof PlainText) return quoted(value.text, work);
  if (value instanceof Instant) return `"${rewritten(value.ticks)}Z"`;
  if (typeof value === 'string') return quoted(dateRewritten(value) ?? value, work);
  return typeof value === 'number' && !Number.isInteger(value) ? floatText(value) : String(value);
}

function quoted(text: string, work: Work): string {
  work.spend(text.length);
  return JSON.stringify(text);
}

function floatText(value: number): string {
  const text = doubleText(value);
  if (!Number.isFinite(value)) return `"${text}"`;
  return /[.E]/.test(text) ? text : `${text}.0`;
}
