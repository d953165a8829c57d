/** Dates as ranges of time: what a partial date covers. FHIR R4 3.1.1.4.7: `2024-02` is the whole of February, UTC when no zone is given. */

/** Milliseconds since 1970, both ends inclusive. */
export interface InstantRange {
  readonly low: number;
  readonly high: number;
}

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The range that a date, dateTime, instant or a partial form of them covers; undefined for anything else, such as 30 February.
 * A time needs minutes. A fraction of a second is exact to the millisecond: digits beyond are cut off.
 */
export function instantRange(text: string): InstantRange | undefined {
  const parts = pattern.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const [h, min, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return undefined;
  if (h > 23 || min > 59 || s > 60) return undefined;
  const offset = zoneOffset(zone);
  if (offset === undefined) return undefined;
  const milliseconds = fraction ? Number(fraction.slice(1, 4).padEnd(3, '0')) : 0;
  const low = utc(y, m - 1, d, h, min, s, milliseconds) - offset;
  if (fraction) return { low, high: low };
  if (second) return { low, high: low + 999 };
  if (hour) return { low, high: low + 59_999 };
  if (day) return { low, high: low + 86_399_999 };
  return { low, high: (month ? utc(y, m, 1) : utc(y + 1, 0, 1)) - 1 };
}

function daysIn(year: number, month: number): number {
  return new Date(utc(year, month, 0)).getUTCDate();
}

/** Date.UTC would take the years 0 to 99 as 1900 to 1999. */
function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, milliseconds = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.setUTCHours(hour, minute, second, milliseconds);
}

/** Milliseconds east of UTC; undefined beyond the 14 hours that exist. */
function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined;
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -60_000 : 60_000);
}
