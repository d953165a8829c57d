import type { JsonValue } from '../../json/value.ts';
import { isLong, ofDouble, ofLong } from './number-kinds.ts';

/** "78" is of integer kind, "78.5" of float kind, and so is what is beyond 64 bits. Undefined for what is no number. */
export function parseNumber(text: string): JsonValue | undefined {
  const written = text.trim();
  if (/^[-+]?\d{1,400}$/.test(written)) {
    const whole = BigInt(written.replace('+', ''));
    return isLong(whole) ? ofLong(whole) : ofDouble(Number(whole));
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(written)) return ofDouble(Number(written));
  const word = /^([-+]?)(infinity|nan)$/i.exec(written);
  if (!word) return undefined;
  return word[2]?.toLowerCase() === 'nan' ? Number.NaN : ofDouble(Number(`${word[1]}Infinity`));
}
