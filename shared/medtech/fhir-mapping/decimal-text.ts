/**
 * A Quantity's value keeps the digits that the device sent. What is a number is decided as .NET's `decimal.Parse` does for
 * the invariant culture: blanks around, one sign before or behind, commas between digits, a point; no exponent.
 */
const number = /^[ \t-\r]*([-+]?)(?:(\d[\d,]*)(?:\.(\d*))?|\.(\d+))[ \t-\r]*([-+]?)[ \t-\r]*$/;
/** .NET's decimal ends here. */
const largest = 79_228_162_514_264_337_593_543_950_335n;
const maxLength = 64;

/** The number's text in JSON, undefined for what is no number. */
export function decimalText(text: string): string | undefined {
  const [, before, whole, fraction, onlyFraction, behind] = (text.length <= maxLength && number.exec(text)) || [];
  if (before === undefined || (before !== '' && behind !== '')) return undefined;
  const digits = (whole ?? '').replaceAll(',', '').replace(/^0+/, '') || '0';
  if (BigInt(digits) > largest) return undefined;
  const places = fraction || onlyFraction;
  const unsigned = places ? `${digits}.${places}` : digits;
  return (before || behind) === '-' && /[1-9]/.test(unsigned) ? `-${unsigned}` : unsigned;
}
