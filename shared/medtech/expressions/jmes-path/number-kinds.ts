/** Whole numbers of 64 bits and doubles, as the C# functions of AHDS have them. */
import { Float, type JsonValue } from '../../json/value.ts';

export function isWhole(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'number' && Number.isInteger(value);
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

/** `change` applied, in the kind of the original. */
export function ofKind(original: unknown, number: number | bigint, change: (number: number) => number): JsonValue {
  const changed = change(Number(number));
  if (!isWhole(original as JsonValue)) return ofDouble(changed);
  return typeof number === 'bigint' ? ofLong(BigInt(changed)) : changed;
}
