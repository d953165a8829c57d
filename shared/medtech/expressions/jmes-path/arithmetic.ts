/** The eight functions that MedTech adds. Whole numbers stay whole: that `divide(72, 5)` is 14 changes what is written. */
import { isDateText } from '../../json/date-text.ts';
import { Instant, type JsonValue, PlainText } from '../../json/value.ts';
import { firstTick, lastTick, ticksPerMs } from '../../ticks.ts';
import { ExpressionError } from '../expression.ts';
import { numberOf, textOf } from './compare.ts';
import type { Argument, KnownFunction } from './functions.ts';
import { isWhole, ofDouble, ofLong } from './number-kinds.ts';

type Whole = (left: bigint, right: bigint) => bigint;
type Double = (left: number, right: number) => number;

export const arithmetic: Readonly<Record<string, KnownFunction>> = {
  add: binary(
    (left, right) => left + right,
    (left, right) => left + right,
  ),
  subtract: binary(
    (left, right) => left - right,
    (left, right) => left - right,
  ),
  multiply: binary(
    (left, right) => left * right,
    (left, right) => left * right,
  ),
  /** Of whole numbers: towards zero. AHDS's documentation says 0.8 of 40 and 50, its code says 0. */
  divide: binary(wholeQuotient, (left, right) => left / right),
  pow: binary(wholePower, (left, right) => left ** right),
  insertString: { least: 3, run: insertString },
  fromUnixTimestamp: { least: 1, run: ([seconds]) => moment(whole(seconds) * 1000n) },
  fromUnixTimestampMs: { least: 1, run: ([ms]) => moment(whole(ms)) },
};

function binary(onWhole: Whole, onDouble: Double): KnownFunction {
  return {
    least: 2,
    run: ([one, other]) => {
      const [left, right] = [number(one), number(other)];
      if (isWhole(one as JsonValue) && isWhole(other as JsonValue)) return ofLong(onWhole(BigInt(left), BigInt(right)));
      return ofDouble(onDouble(Number(left), Number(right)));
    },
  };
}

function wholeQuotient(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new ExpressionError('divide: a whole number was divided by 0.');
  return left / right;
}

/** Of whole numbers: the power as a double, rounded to the nearest whole number, halves to the even one. */
function wholePower(left: bigint, right: bigint): bigint {
  const power = Number(left) ** Number(right);
  if (!(Math.abs(power) < 2 ** 63)) throw new ExpressionError('pow: the result is beyond 64 bits.');
  const floor = Math.floor(power);
  const half = power - floor === 0.5;
  return BigInt(half ? floor + Math.abs(floor % 2) : Math.round(power));
}

function insertString([original, inserted, at]: readonly Argument[]): JsonValue {
  const [text, more] = [textArgument(original), textArgument(inserted)];
  const position = whole(at);
  if (position < 0n || position > BigInt(text.length)) {
    throw new ExpressionError('insertString: the position is outside of the text.');
  }
  const made = text.slice(0, Number(position)) + more + text.slice(Number(position));
  return isDateText(made) ? new PlainText(made) : made;
}

function moment(ms: bigint): JsonValue {
  const ticks = ms * ticksPerMs;
  if (ticks < firstTick || ticks > lastTick) throw new ExpressionError('The timestamp is outside of the calendar.');
  return new Instant(ticks);
}

function number(argument: Argument | undefined): number | bigint {
  const found = typeof argument === 'function' ? undefined : numberOf(argument ?? null);
  if (found === undefined) throw new ExpressionError('A function of numbers was given something else.');
  return found;
}

function whole(argument: Argument | undefined): bigint {
  if (typeof argument === 'function' || !isWhole(argument ?? null)) {
    throw new ExpressionError('A function was given something else than a whole number.');
  }
  return BigInt(number(argument));
}

function textArgument(argument: Argument | undefined): string {
  const text = typeof argument === 'function' ? undefined : textOf(argument ?? null);
  if (text === undefined) throw new ExpressionError('A function of texts was given something else.');
  return text;
}
