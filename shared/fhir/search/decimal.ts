/** Decimal numbers of search arguments, with the precision that their digits imply. */

export interface Decimal {
  readonly value: number;
  /** The value less and plus half a unit of its last decimal place: 99.5 and 100.5 for `100`, 0.95 and 1.05 for `1.0`. */
  readonly low: number;
  readonly high: number;
}

const pattern = /^([+-]?)(\d{1,64})(?:\.(\d{1,64}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal; undefined when the text is none or its value is beyond what an index can hold.
 * An exponent moves the last decimal place, but never to the left of the point: `1e2` is as precise as `100`, as in AHDS.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const [match, sign, whole = '', fraction = '', exponent = '0'] = pattern.exec(text) ?? [];
  if (match === undefined) return undefined;
  const shift = Number(exponent) - fraction.length;
  const places = Math.max(0, -shift);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
  const signed = sign === '-' ? -digits : digits;
  const [value, low, high] = [signed * 10n, signed * 10n - 5n, signed * 10n + 5n].map((tenths) =>
    Number(`${tenths}e-${places + 1}`),
  ) as [number, number, number];
  return Number.isFinite(value) && Number.isFinite(low) && Number.isFinite(high) ? { value, low, high } : undefined;
}
