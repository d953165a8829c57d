import { dateTicks, isDateText } from '../../json/date-text.ts';
import { kindOf } from '../../json/kind.ts';
import { Float, Instant, isArray, isObject, type JsonValue, PlainText } from '../../json/value.ts';
import { invariantText } from '../../ticks.ts';
import type { Comparator } from './syntax.ts';

/** False, null, and what is empty are not true. 0 is. */
export function isTrue(value: JsonValue): boolean {
  if (value === null || value === false || value === '') return false;
  if (isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Order is for numbers only; of anything else it is null. */
export function compareValues(left: JsonValue, by: Comparator, right: JsonValue): boolean | null {
  if (by === '==') return isSame(left, right);
  if (by === '!=') return !isSame(left, right);
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === undefined || other === undefined) return null;
  if (by === '<') return one < other;
  if (by === '<=') return one <= other;
  return by === '>' ? one > other : one >= other;
}

/** The kinds of numbers count: 1 is not 1.0. */
export function isSame(left: JsonValue, right: JsonValue): boolean {
  if (isArray(left)) {
    if (!isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => isSame(item, right[index] as JsonValue));
  }
  if (isObject(left)) {
    if (!isObject(right)) return false;
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every(
      (name) => Object.hasOwn(right, name) && isSame(left[name] as JsonValue, right[name] as JsonValue),
    );
  }
  if (kindOf(left) !== kindOf(right)) return false;
  if (kindOf(left) === 'float' || kindOf(left) === 'integer') return numberOf(left) === numberOf(right);
  const text = textOf(left);
  return text === undefined ? left === right : text === textOf(right);
}

export function numberOf(value: JsonValue): number | bigint | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** The text of a text. That of a date is `02/01/2019 22:46:01`, whatever it looked like in the event. */
export function textOf(value: JsonValue): string | undefined {
  if (value instanceof PlainText) return value.text;
  if (value instanceof Instant) return invariantText(value.ticks);
  if (typeof value !== 'string') return undefined;
  const ticks = isDateText(value) ? dateTicks(value) : undefined;
  return ticks === undefined ? value : invariantText(ticks);
}
