/**
 * Times and dates with times as texts that compare as they follow each other. AHDS: what is not given is the earliest that
 * it can be; a stored offset from UTC is left out of account.
 */

/** `1030` is `103000000000`. */
export function comparableTime(text: string): string {
  return text.replace('.', '').padEnd(12, '0');
}

const earliest = '00000101000000000000';

/** `2020` is `20200101000000000000`. */
export function comparableDateTime(text: string): string {
  const digits = text.replace(/[+-]\d{4}$/, '').replace('.', '');
  return digits + earliest.slice(digits.length);
}
