/** The eight functions that MedTech adds. Whole numbers stay whole: that `divide(72, 5)` is 14 changes what is written. */

import { asPlainText } from '../../json/as-plain-text.ts';
import { Instant, type JsonValue } from '../../json/value.ts';
import { firstTick, lastTick, ticksPerMs } from '../../ticks.ts';
import { type Argument, FunctionError, int, long, numeric, plainText } from './arguments.ts';
import type { KnownFunction } from './functions.ts';
import { isLong, isWhole, ofDouble, ofLong, roundedLong } from './number-kinds.ts';

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
  pow: binary(
    // The power is a double, rounded afterwards.
    (left, right) => roundedLong(Number(left) ** Number(right)) ?? beyond(),
    (left, right) => left ** right,
  ),
  insertString: { least: 3, run: ([original, inserted, at], work) => insertString(original, inserted, at, work) },
  fromUnixTimestamp: { least: 1, run: ([seconds]) => moment(long(seconds) * 1000n) },
  fromUnixTimestampMs: { least: 1, run: ([ms]) => moment(long(ms)) },
};

function binary(onWhole: Whole, onDouble: Double): KnownFunction {
  return {
    least: 2,
    run: ([left, right]) => {
      const numbers = [numeric(left), numeric(right)] as const;
      if (isWhole(left as JsonValue) && isWhole(right as JsonValue)) return ofLong(onWhole(long(left), long(right)));
      return ofDouble(onDouble(Number(numbers[0]), Number(numbers[1])));
    },
  };
}

function wholeQuotient(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new FunctionError('A whole number cannot be divided by 0.');
  const quotient = left / right;
  return isLong(quotient) ? quotient : beyond();
}

function beyond(): never {
  throw new FunctionError('The result is beyond 64 bits.');
}

function insertString(
  original: Argument | undefined,
  inserted: Argument | undefined,
  at: Argument | undefined,
  work: { spend(amount: number): void },
): JsonValue {
  const [text, more, position] = [plainText(original), plainText(inserted), int(at)];
  if (position < 0 || position > text.length) throw new FunctionError('The position is outside of the text.');
  work.spend(text.length + more.length);
  return asPlainText(text.slice(0, position) + more + text.slice(position));
}

function moment(ms: bigint): JsonValue {
  const ticks = ms * ticksPerMs;
  if (ticks < firstTick || ticks > lastTick) throw new FunctionError('The timestamp is outside of the calendar.');
  return new Instant(ticks);
}
