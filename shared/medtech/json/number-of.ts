import { Float } from './value.ts';

const integer = /^-?\d+$/;
const float = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const based = /^(-?)0(?:[xX]([0-9a-fA-F]+)|([0-7]+))$/;
/** Newtonsoft's limit of the digits of a whole number. */
const maxDigits = 380;

/** The number of a JSON text with its kind; undefined if it is none. A leading zero means octal, as to Newtonsoft. */
export function numberOf(text: string): number | bigint | Float | undefined {
  if (text.length > maxDigits && !float.test(text)) return undefined;
  const other = based.exec(text);
  if (other) return whole(other[2] ? `0x${other[2]}` : `0o${other[3]}`, other[1] === '-');
  if (integer.test(text)) {
    if (text.length > maxDigits || /^-?0\d/.test(text)) return undefined;
    return whole(text.replace('-', ''), text.startsWith('-'));
  }
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isInteger(value) ? new Float(value) : value;
}

function whole(digits: string, negative: boolean): number | bigint {
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return negative ? -value : value;
  return negative ? -BigInt(digits) : BigInt(digits);
}
