import { dateTicks } from '../../json/date-text.ts';
import { kindOf } from '../../json/kind.ts';
import { Float, Instant, isArray, isObject, type JsonValue, PlainText } from '../../json/value.ts';
import { invariantText, type Ticks } from '../../ticks.ts';
import type { Work } from '../work.ts';
import type { Comparator } from './syntax.ts';

/** False, null, and what is empty are not true. 0 is. */
export function isTrue(value: JsonValue): boolean {
  if (value === null || value === false || value === '') return false;
  if (isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Numbers are in order, and so are texts, with null before them (JmesPath.Net); of anything else the order is null. */
export function compareValues(left: JsonValue, by: Comparator, right: JsonValue, work: Work): boolean | null {
  if (by === '==') return isSame(left, right, work);
  if (by === '!=') return !isSame(left, right, work);
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one !== undefined && other !== undefined) return inOrder(Number(one), by, Number(other));
  const texts = [textOrNull(left), textOrNull(right)] as const;
  if (texts[0] === undefined || texts[1] === undefined) return null;
  return inOrder(orderOfTexts(texts[0], texts[1]), by, 0);
}

function inOrder(left: number, by: Comparator, right: number): boolean {
  if (by === '<') return left < right;
  if (by === '<=') return left <= right;
  return by === '>' ? left > right : left >= right;
}

function textOrNull(value: JsonValue): string | null | undefined {
  return value === null ? null : textOf(value);
}

function orderOfTexts(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left < right ? -1 : Number(left > right);
}

/** Newtonsoft's `DeepEquals`. The kinds of numbers count: 1 is not 1.0; floats that differ by rounding only are the same. */
export function isSame(left: JsonValue, right: JsonValue, work: Work): boolean {
  work.spend(1);
  if (isArray(left)) {
    if (!isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => isSame(item, right[index] as JsonValue, work));
  }
  if (isObject(left)) {
    if (!isObject(right)) return false;
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every(
      (name) => Object.hasOwn(right, name) && isSame(left[name] as JsonValue, right[name] as JsonValue, work),
    );
  }
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return false;
  if (kind === 'float') return nearly(Number(numberOf(left)), Number(numberOf(right)));
  if (kind === 'integer') return numberOf(left) === numberOf(right);
  if (kind === 'date') return ticksOfDate(left) === ticksOfDate(right);
  return kind === 'string' ? textOf(left) === textOf(right) : left === right;
}

function nearly(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right) return true;
  return Math.abs(left - right) < (Math.abs(left) + Math.abs(right) + 10) * Number.EPSILON;
}

export function numberOf(value: JsonValue): number | bigint | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** The text of a text. That of a date is `02/01/2019 22:46:01`, whatever it looked like in the event. */
export function textOf(value: JsonValue): string | undefined {
  if (value instanceof PlainText) return value.text;
  const ticks = ticksOfDate(value);
  if (ticks !== undefined) return invariantText(ticks);
  return typeof value === 'string' ? value : undefined;
}

/** Undefined for what is no date. */
export function ticksOfDate(value: JsonValue): Ticks | undefined {
  if (value instanceof Instant) return value.ticks;
  return typeof value === 'string' ? dateTicks(value) : undefined;
}
