/** How two scalars compare in a filter: Newtonsoft's `JValue`. */
import { dateRewritten, dateTicks, rewritten } from '../../json/date-text.ts';
import { type Kind, kindOf } from '../../json/kind.ts';
import { Float, Instant, type JsonValue, PlainText } from '../../json/value.ts';
import type { Ticks } from '../../ticks.ts';
import { ExpressionError } from '../expression.ts';
import type { Operator } from './path-step.ts';

type OrderedOperator = Exclude<Operator, '=~'>;

export function isScalar(value: JsonValue): boolean {
  const kind = kindOf(value);
  return kind !== 'array' && kind !== 'object';
}

export function compares(left: JsonValue, operator: OrderedOperator, right: JsonValue): boolean {
  switch (operator) {
    case '==':
      return equal(left, right) || dateEquals(left, right);
    case '!=':
      return !(equal(left, right) || dateEquals(left, right));
    case '===':
      return equal(left, right);
    case '!==':
      return !equal(left, right);
    case '<':
      return order(left, right) < 0;
    case '<=':
      return order(left, right) <= 0;
    case '>':
      return order(left, right) > 0;
    case '>=':
      return order(left, right) >= 0;
  }
}

/** Of one kind and equal; whole numbers and others compare as numbers. */
function equal(left: JsonValue, right: JsonValue): boolean {
  const kinds = [kindOf(left), kindOf(right)] as const;
  if (kinds.every(isNumeric)) return orderOfNumbers(numeric(left), numeric(right), kinds.includes('float')) === 0;
  if (kinds[0] !== kinds[1]) return false;
  if (kinds[0] === 'date') return ticksOf(left) === ticksOf(right);
  return kinds[0] === 'string' ? textOf(left) === textOf(right) : left === right;
}

/** `==` of a date with a text compares its ISO form. */
function dateEquals(left: JsonValue, right: JsonValue): boolean {
  if (kindOf(left) !== 'date' || kindOf(right) !== 'string') return false;
  const written = left instanceof Instant ? `${rewritten(left.ticks)}Z` : dateRewritten(left as string);
  return written === textOf(right);
}

/** Below, equal or above zero. What cannot be converted to the other's kind is an error of the event. */
function order(left: JsonValue, right: JsonValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  const [kind, other] = [kindOf(left), kindOf(right)];
  const by: Kind = kind === 'string' ? other : kind;
  if (isNumeric(by)) {
    const float = kind === 'float' || other === 'float';
    return orderOfNumbers(toNumber(left, float), toNumber(right, float), float);
  }
  if (by === 'boolean') return Number(toBoolean(left)) - Number(toBoolean(right));
  if (by === 'date') return orderOf(ticksOf(left), ticksOf(right));
  return orderOf(textOf(left), textOf(right));
}

function isNumeric(kind: Kind): boolean {
  return kind === 'integer' || kind === 'float';
}

function numeric(value: JsonValue): number | bigint {
  return value instanceof Float ? value.value : (value as number | bigint);
}

function toNumber(value: JsonValue, float: boolean): number | bigint {
  const kind = kindOf(value);
  if (isNumeric(kind)) return numeric(value);
  if (kind === 'boolean') return Number(value);
  const text = textOf(value).trim();
  if (kind === 'string' && (float ? /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/ : /^[-+]?\d{1,19}$/).test(text))
    return Number(text);
  throw new ExpressionError('A filter compares a number with a text that is none.');
}

function toBoolean(value: JsonValue): boolean {
  if (typeof value === 'boolean') return value;
  if (isNumeric(kindOf(value))) return Number(numeric(value)) !== 0;
  const text = textOf(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ExpressionError('A filter compares a boolean with what is none.');
}

function ticksOf(value: JsonValue): Ticks {
  const ticks = value instanceof Instant ? value.ticks : dateTicks(textOf(value));
  if (ticks === undefined) throw new ExpressionError('A filter compares a date with what is none.');
  return ticks;
}

function textOf(value: JsonValue): string {
  return value instanceof PlainText ? value.text : String(value);
}

/** Where one is a float, Newtonsoft takes numbers that differ by rounding only for the same. */
function orderOfNumbers(left: number | bigint, right: number | bigint, float: boolean): number {
  if (!float) return orderOf(left, right);
  const [one, other] = [Number(left), Number(right)];
  // .NET: NaN is below all else.
  if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(other)) - Number(Number.isNaN(one));
  const tolerance = (Math.abs(one) + Math.abs(other) + 10) * Number.EPSILON;
  return Math.abs(one - other) < tolerance ? 0 : orderOf(one, other);
}

function orderOf<Ordered extends number | bigint | string>(left: Ordered, right: Ordered): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
