/** The functions of an expression: those that JmesPath.Net registers, and the eight that MedTech adds. */

import { asPlainText } from '../../json/as-plain-text.ts';
import { kindOf } from '../../json/kind.ts';
import { isArray, isObject, type JsonValue } from '../../json/value.ts';
import { valueText } from '../../json/value-text.ts';
import type { Work } from '../work.ts';
import {
  type Argument,
  array,
  expression,
  FunctionError,
  int,
  numeric,
  object,
  text,
  value,
  wrong,
} from './arguments.ts';
import { arithmetic } from './arithmetic.ts';
import { isSame, numberOf, textOf } from './compare.ts';
import { jsonText } from './json-text.ts';
import { merged } from './merge.ts';
import { isWhole, ofDouble, ofLong, roundedLong } from './number-kinds.ts';
import { extreme, extremeBy, sorted, sortedBy } from './order.ts';
import { parseNumber } from './parse-number.ts';
import { typeName } from './type-name.ts';

export interface KnownFunction {
  readonly least: number;
  /** `least` where it is absent. */
  readonly most?: number;
  /** Undefined: there is nothing. Throws `FunctionError` for an argument of the wrong type. */
  readonly run: (args: readonly Argument[], work: Work) => JsonValue | undefined;
}

const any = Number.POSITIVE_INFINITY;

export const functions: Readonly<Record<string, KnownFunction>> = {
  ...arithmetic,
  abs: { least: 1, run: ([given]) => absolute(value(given)) },
  avg: {
    least: 1,
    run: ([list]) => {
      const numbers = array(list).map(numeric);
      return numbers.length === 0 ? undefined : ofDouble(total(numbers) / numbers.length);
    },
  },
  ceil: { least: 1, run: ([given]) => whole(Math.ceil(Number(numeric(given)))) },
  floor: { least: 1, run: ([given]) => whole(Math.floor(Number(numeric(given)))) },
  contains: { least: 2, run: ([where, what], work) => contains(value(where), value(what), work) },
  ends_with: { least: 2, run: ([subject, end]) => text(subject).endsWith(text(end)) },
  starts_with: { least: 2, run: ([subject, start]) => text(subject).startsWith(text(start)) },
  join: {
    least: 2,
    run: ([given, list], work) => {
      const [glue, parts] = [text(given), array(list).map(text)];
      work.spend(parts.reduce((length, part) => length + part.length + glue.length, 0));
      return asPlainText(parts.join(glue));
    },
  },
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
  max: { least: 1, run: ([list]) => extreme(array(list), 1) },
  min: { least: 1, run: ([list]) => extreme(array(list), -1) },
  max_by: { least: 2, run: ([list, by]) => extremeBy(array(list), expression(by), 1) },
  min_by: { least: 2, run: ([list, by]) => extremeBy(array(list), expression(by), -1) },
  merge: {
    least: 1,
    most: any,
    run: (objects, work) => objects.map(object).reduce((one, other) => merged(one, other, work), {}),
  },
  not_null: { least: 1, most: any, run: (args) => args.map(value).find((each) => each !== null) },
  reverse: {
    least: 1,
    run: ([subject]) => {
      const reversed = value(subject);
      return isArray(reversed) ? reversed.toReversed() : asPlainText(text(subject).split('').toReversed().join(''));
    },
  },
  sort: { least: 1, run: ([list]) => sorted(array(list)) },
  sort_by: { least: 2, run: ([list, by]) => sortedBy(array(list), expression(by)) },
  sum: {
    least: 1,
    run: ([list]) => {
      const sum = total(array(list).map(numeric));
      // Of floats too, where the sum is whole.
      return Number.isInteger(sum) ? whole(sum) : sum;
    },
  },
  to_array: {
    least: 1,
    run: ([subject]) => {
      const given = value(subject);
      return isArray(given) ? given : [given];
    },
  },
  to_number: {
    least: 1,
    run: ([subject]) => {
      const given = value(subject);
      return numberOf(given) === undefined ? parseNumber(textOf(given) ?? '') : given;
    },
  },
  to_string: {
    least: 1,
    run: ([subject], work) => {
      const given = value(subject);
      // A date stays one.
      return typeName(given) === 'string' ? given : asPlainText(jsonText(given, work));
    },
  },
  type: { least: 1, run: ([subject]) => typeName(value(subject)) },
};

function absolute(given: JsonValue): JsonValue {
  if (!isWhole(given)) return ofDouble(Math.abs(Number(numeric(given))));
  return Math.abs(int(given));
}

function whole(number: number): JsonValue {
  const rounded = roundedLong(number);
  if (rounded === undefined) throw new FunctionError('The result is beyond 64 bits.');
  return ofLong(rounded);
}

/** In a date nothing is found, other than in the text that it is elsewhere. What is searched becomes a text. */
function contains(subject: JsonValue, what: JsonValue, work: Work): boolean {
  if (isArray(subject)) return subject.some((item) => isSame(item, what, work));
  const searched = text(subject);
  if (kindOf(subject) === 'date') return false;
  return searched.includes(valueText(what) ?? wrong('A text or a number to look for'));
}

function total(numbers: readonly (number | bigint)[]): number {
  return numbers.reduce((sum: number, number) => sum + Number(number), 0);
}
