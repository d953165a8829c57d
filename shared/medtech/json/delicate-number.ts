/**
 * Does a JSON text have a number that `JSON.parse` would give another kind or other digits? That is a float that is whole or
 * becomes whole by rounding (by an exponent, by zeros or nines after the point, by many digits), or a whole number of 16
 * digits, which may be beyond 2^53. One pass over the characters; texts in double quotes are passed over.
 */
export function hasDelicateNumber(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === quote) at = textEnd(text, at + 1);
    else if (isDigit(char)) {
      at = numberEnd(text, at);
      if (at < 0) return true;
    } else at += 1;
  }
  return false;
}

const quote = 34;
const backslash = 92;
const point = 46;
const zero = 48;
const nine = 57;
/** So few digits before the point, and so few zeros or nines behind it, are less than a double can tell from a whole number. */
const maxWholeDigits = 7;
const maxEqualDigits = 7;

/** Behind the digits and the fraction that begin at `from`; -1 if the number is delicate. */
function numberEnd(text: string, from: number): number {
  let end = digitsEnd(text, from);
  if (text.charCodeAt(end) === point) {
    if (end - from > maxWholeDigits || isNearlyWhole(text, end + 1)) return -1;
    end = digitsEnd(text, end + 1);
  } else if (end - from > 15) return -1;
  const next = text.charCodeAt(end);
  return next === 101 || next === 69 ? -1 : end;
}

/** The fraction that begins at `from` is nothing but zeros, or begins with many zeros or nines. */
function isNearlyWhole(text: string, from: number): boolean {
  const first = text.charCodeAt(from);
  if (first !== zero && first !== nine) return false;
  let at = from + 1;
  while (text.charCodeAt(at) === first) at += 1;
  return at - from > maxEqualDigits || (first === zero && !isDigit(text.charCodeAt(at)));
}

function digitsEnd(text: string, from: number): number {
  let at = from + 1;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function textEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) break;
    if (char === backslash) at += 1;
  }
  return at + 1;
}

function isDigit(char: number): boolean {
  return char >= zero && char <= nine;
}
