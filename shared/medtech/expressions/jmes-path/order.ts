/** What sorts, and what is the greatest or the least: JmesPath.Net has rules of its own for each of these functions. */

import { asPlainText } from '../../json/as-plain-text.ts';
import { kindOf } from '../../json/kind.ts';
import type { JsonValue } from '../../json/value.ts';
import { valueText } from '../../json/value-text.ts';
import { FunctionError, int, numeric, text, wrong } from './arguments.ts';
import { numberOf, textOf, ticksOfDate } from './compare.ts';
import { isWhole, ofDouble, roundedLong } from './number-kinds.ts';
import { parseNumber } from './parse-number.ts';
import { typeName } from './type-name.ts';

type Key = number | bigint | string | null;
type Evaluate = (item: JsonValue) => JsonValue;

/** Of numbers or of texts; of none there is nothing. A float among whole numbers makes the result a float; a date becomes a text. */
export function extreme(items: readonly JsonValue[], sign: 1 | -1): JsonValue | undefined {
  const [first] = items;
  if (first === undefined) return undefined;
  const type = sameType(items);
  if (type !== 'number' && type !== 'string') wrong('An array of numbers or of texts');
  const best = <Value extends number | bigint | string>(values: readonly Value[]): Value =>
    values.reduce((found, each) => (orderOf(each, found) * sign > 0 ? each : found));
  if (type === 'string') return asPlainText(best(items.map(text)));
  const numbers = items.map(numeric);
  return items.every(isWhole) ? best(numbers) : ofDouble(Number(best(numbers.map(Number))));
}

/** The item whose number is the greatest or the least, the last of them. Texts must be numbers; nothing is no array. */
export function extremeBy(items: readonly JsonValue[], by: Evaluate, sign: 1 | -1): JsonValue {
  if (items.length === 0) throw new FunctionError('The array is empty.');
  const number = (item: JsonValue): number => {
    const key = by(item);
    const found =
      numberOf(key) ?? numberOf(parseNumber(textOf(key) ?? wrong('A number or a text of each item')) ?? null);
    return Number(found ?? wrong('A text that is a number'));
  };
  // One item is not asked for its number.
  return items.reduce((found, item) => (number(found) * sign > number(item) * sign ? found : item));
}

/** Items of one type. The kind of the first number decides how they compare, 32 bits for a whole one. */
export function sorted(items: readonly JsonValue[]): JsonValue[] {
  sameType(items);
  const first = kindOf(items[0] ?? null);
  return inOrder(items, (item) => {
    if (first === 'float') return Number(numeric(item));
    if (first !== 'integer') return textKey(item);
    return int(isWhole(item) ? item : Number(roundedLong(Number(numeric(item))) ?? wrong('A smaller number')));
  });
}

/** Numbers or texts, dates among them by time. */
export function sortedBy(items: readonly JsonValue[], by: Evaluate): JsonValue[] {
  const keys = items.map(by);
  const type = sameType(keys);
  if (items.length > 0 && type !== 'number' && type !== 'string') wrong('A number or a text of each item');
  const allDates = keys.every((key) => ticksOfDate(key) !== undefined);
  const pairs = keys.map((key, index) => ({
    item: items[index] as JsonValue,
    key: allDates ? (ticksOfDate(key) ?? 0) : (numberOf(key) ?? text(key)),
  }));
  return inOrder(pairs, ({ key }) => key).map(({ item }) => item);
}

function inOrder<Item>(items: readonly Item[], keyOf: (item: Item) => Key): Item[] {
  const pairs = items.map((item) => ({ item, key: keyOf(item) }));
  return pairs.toSorted((left, right) => orderOf(left.key, right.key)).map(({ item }) => item);
}

function textKey(item: JsonValue): string | null {
  return item === null ? null : (valueText(item) ?? wrong('An array of numbers or of texts'));
}

function orderOf(left: Key, right: Key): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left < right ? -1 : Number(left > right);
}

function sameType(items: readonly JsonValue[]): string | undefined {
  const types = new Set(items.map(typeName));
  if (types.size > 1) wrong('An array whose items are of one type');
  return types.values().next().value;
}
