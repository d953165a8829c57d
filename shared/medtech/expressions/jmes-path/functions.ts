/** The functions of an expression: those that JmesPath.Net registers, and the eight that MedTech adds. */
import { isDateText } from '../../json/date-text.ts';
import { Float, isArray, isObject, type JsonObject, type JsonValue, PlainText } from '../../json/value.ts';
import { ExpressionError } from '../expression.ts';
import { arithmetic } from './arithmetic.ts';
import { isSame, numberOf, textOf } from './compare.ts';
import { jsonText } from './json-text.ts';
import { ofKind } from './number-kinds.ts';

/** A value, or for `&expression` a function. */
export type Argument = JsonValue | ((value: JsonValue) => JsonValue);

export interface KnownFunction {
  readonly least: number;
  /** `least` where it is absent. */
  readonly most?: number;
  /** Throws `ExpressionError` for an argument of the wrong type. */
  readonly run: (args: readonly Argument[]) => JsonValue;
}

const any = Number.POSITIVE_INFINITY;

export const functions: Readonly<Record<string, KnownFunction>> = {
  ...arithmetic,
  abs: { least: 1, run: ([value]) => ofKind(value, numeric(value), (number) => Math.abs(number)) },
  avg: {
    least: 1,
    run: ([list]) => {
      const numbers = array(list).map(numeric);
      return numbers.length === 0 ? null : float(total(numbers) / numbers.length);
    },
  },
  ceil: { least: 1, run: ([value]) => Math.ceil(Number(numeric(value))) },
  floor: { least: 1, run: ([value]) => Math.floor(Number(numeric(value))) },
  contains: {
    least: 2,
    run: ([where, what]) => {
      const subject = value(where);
      if (isArray(subject)) return subject.some((item) => isSame(item, value(what)));
      const searched = textOf(value(what));
      return searched !== undefined && text(where).includes(searched);
    },
  },
  ends_with: { least: 2, run: ([subject, end]) => text(subject).endsWith(text(end)) },
  starts_with: { least: 2, run: ([subject, start]) => text(subject).startsWith(text(start)) },
  join: { least: 2, run: ([glue, list]) => plain(array(list).map(text).join(text(glue))) },
  keys: { least: 1, run: ([subject]) => Object.keys(object(subject)) },
  values: { least: 1, run: ([subject]) => Object.values(object(subject)) },
  length: {
    least: 1,
    run: ([subject]) => {
      const counted = value(subject);
      if (isArray(counted)) return counted.length;
      return isObject(counted) ? Object.keys(counted).length : text(subject).length;
    },
  },
  map: { least: 2, run: ([by, list]) => array(list).map(expression(by)) },
  max: { least: 1, run: ([list]) => best(array(list), (item) => item, 1) },
  min: { least: 1, run: ([list]) => best(array(list), (item) => item, -1) },
  max_by: { least: 2, run: ([list, by]) => best(array(list), expression(by), 1) },
  min_by: { least: 2, run: ([list, by]) => best(array(list), expression(by), -1) },
  merge: { least: 1, most: any, run: (objects) => Object.assign(Object.create(null), ...objects.map(object)) },
  not_null: { least: 1, most: any, run: (args) => args.map(value).find((each) => each !== null) ?? null },
  reverse: {
    least: 1,
    run: ([subject]) => {
      const reversed = value(subject);
      return isArray(reversed) ? reversed.toReversed() : plain([...text(subject)].toReversed().join(''));
    },
  },
  sort: { least: 1, run: ([list]) => sorted(array(list), (item) => item) },
  sort_by: { least: 2, run: ([list, by]) => sorted(array(list), expression(by)) },
  sum: {
    least: 1,
    run: ([list]) => {
      const items = array(list);
      const sum = total(items.map(numeric));
      return items.every((item) => !(item instanceof Float) && Number.isInteger(Number(numberOf(item))))
        ? sum
        : float(sum);
    },
  },
  to_array: {
    least: 1,
    run: ([subject]) => {
      const given = value(subject);
      return isArray(given) ? given : [given];
    },
  },
  to_number: { least: 1, run: ([subject]) => toNumber(value(subject)) },
  to_string: {
    least: 1,
    run: ([subject]) => {
      const given = value(subject);
      const written = textOf(given);
      return plain(written ?? jsonText(given));
    },
  },
  type: { least: 1, run: ([subject]) => typeName(value(subject)) },
};

function value(argument: Argument | undefined): JsonValue {
  if (typeof argument === 'function')
    throw new ExpressionError('A function was given an expression in place of a value.');
  return argument ?? null;
}

function expression(argument: Argument | undefined): (value: JsonValue) => JsonValue {
  if (typeof argument === 'function') return argument;
  throw new ExpressionError('A function was given a value in place of an expression.');
}

function wrong(expected: string): never {
  throw new ExpressionError(`A function was given something else than ${expected}.`);
}

function text(argument: Argument | undefined): string {
  return textOf(value(argument)) ?? wrong('a text');
}

function numeric(argument: Argument | undefined): number | bigint {
  return numberOf(value(argument)) ?? wrong('a number');
}

function array(argument: Argument | undefined): readonly JsonValue[] {
  const given = value(argument);
  return isArray(given) ? given : wrong('an array');
}

function object(argument: Argument | undefined): JsonObject {
  const given = value(argument);
  return isObject(given) ? given : wrong('an object');
}

function total(numbers: readonly (number | bigint)[]): number {
  return numbers.reduce((sum: number, number) => sum + Number(number), 0);
}

function float(number: number): JsonValue {
  return Number.isInteger(number) ? new Float(number) : number;
}

/** A text that a function makes is none of the event's dates. */
function plain(text: string): JsonValue {
  return isDateText(text) ? new PlainText(text) : text;
}

type Key = (item: JsonValue) => JsonValue;

function best(items: readonly JsonValue[], key: Key, sign: 1 | -1): JsonValue {
  const order = orderBy(items, key);
  let found: JsonValue | undefined;
  for (const item of items) if (found === undefined || order(item, found) * sign > 0) found = item;
  return found ?? null;
}

function sorted(items: readonly JsonValue[], key: Key): JsonValue[] {
  return items.toSorted(orderBy(items, key));
}

/** All numbers or all texts, else it is an error. */
function orderBy(items: readonly JsonValue[], key: Key): (left: JsonValue, right: JsonValue) => number {
  const keys = new Map(items.map((item) => [item, comparable(key(item))] as const));
  const types = new Set([...keys.values()].map((each) => (typeof each === 'string' ? 'text' : 'number')));
  if (types.size > 1) wrong('numbers only or texts only');
  return (left, right) => {
    const [one, other] = [keys.get(left) ?? 0, keys.get(right) ?? 0];
    return one < other ? -1 : Number(one > other);
  };
}

function comparable(item: JsonValue): number | bigint | string {
  return numberOf(item) ?? textOf(item) ?? wrong('a number or a text');
}

/** "78" is of integer kind, "78.5" of float kind; what is no number is null. */
function toNumber(given: JsonValue): JsonValue {
  if (numberOf(given) !== undefined) return given;
  const written = textOf(given)?.trim() ?? '';
  if (/^[-+]?\d{1,400}$/.test(written)) {
    const whole = BigInt(written.replace('+', ''));
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(written)) return null;
  return float(Number(written));
}

function typeName(given: JsonValue): string {
  if (given === null) return 'null';
  if (isArray(given)) return 'array';
  if (typeof given === 'boolean') return 'boolean';
  if (numberOf(given) !== undefined) return 'number';
  return textOf(given) === undefined ? 'object' : 'string';
}
