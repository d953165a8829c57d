/** Whole numbers of 64 bits and doubles, as the C# functions of AHDS have them. */
import { Float, type JsonValue } from '../../json/value.ts';

export function isWhole(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'number' && Number.isInteger(value);
}

/** Is it within 64 bits? */
export function isLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** A double as a value of float kind. */
export function ofDouble(value: number): JsonValue {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** A whole number of 64 bits; what is beyond them wraps, silently, as in C#. */
export function ofLong(value: bigint): JsonValue {
  const wrapped = BigInt.asIntN(64, value);
  return Number.isSafeInteger(Number(wrapped)) ? Number(wrapped) : wrapped;
}

/** The nearest whole number, halves to the even one, as `Convert.ToInt64`; undefined beyond 64 bits. */
export function roundedLong(value: number): bigint | undefined {
  const floor = Math.floor(value);
  const half = value - floor === 0.5;
  const rounded = half ? floor + Math.abs(floor % 2) : Math.round(value);
  if (!Number.isFinite(rounded)) return undefined;
  const whole = BigInt(rounded);
  return isLong(whole) ? whole : undefined;
}
