import { Float, isArray, isObject, type JsonValue } from '../../json/value.ts';
import { textOf } from './compare.ts';

/** JSON without blanks. */
export function jsonText(value: JsonValue): string {
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`);
    return `{${members.join(',')}}`;
  }
  if (value instanceof Float) return `${value.value}.0`;
  const text = textOf(value);
  return text === undefined ? String(value) : JSON.stringify(text);
}
