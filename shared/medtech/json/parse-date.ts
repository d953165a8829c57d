/** Texts that are no dates of JSON and that .NET's invariant `DateTime.Parse` understands all the same; without zone: UTC. */
import { type Ticks, ticksOf, ticksPerMs, ticksPerSecond } from '../ticks.ts';
import { dateTicks, isDay, isTime, within } from './date-text.ts';

const time = String.raw`(?:[T ]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?\s*(?<half>[AaPp][Mm])?)?`;
const zone = String.raw`\s*(?<zone>[Zz]|GMT|UTC|[-+]\d{1,2}(?::?\d{2})?)?`;
const monthNames = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/** Year first; month first (the invariant culture); the month's name (RFC 1123 among them). */
const forms = [
  String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})(?:[-/.](?<day>\d{1,2}))?`,
  String.raw`(?<month>\d{1,2})[-/.](?<day>\d{1,2})[-/.](?<year>\d{4}|\d{2})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)?(?<day>\d{1,2})[ -](?<name>${monthNames})[a-z]*[ -](?<year>\d{4})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)?(?<name>${monthNames})[a-z]*\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})`,
].map((date) => new RegExp(`^\\s*${date}${time}${zone}\\s*$`, 'i'));
const longestText = 100;

/** Undefined for what is no date. */
export function parseDate(text: string): Ticks | undefined {
  if (text.length > longestText) return undefined;
  const written = dateTicks(text);
  if (written !== undefined) return written;
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (parts) return ticksOfParts(parts);
  }
  return undefined;
}

function ticksOfParts(parts: Readonly<Record<string, string | undefined>>): Ticks | undefined {
  const number = (name: string) => Number(parts[name] ?? 0);
  const month = parts.name
    ? 1 + monthNames.toLowerCase().split('|').indexOf(parts.name.toLowerCase())
    : number('month');
  const hour = hourOf(number('hour'), parts.half?.toLowerCase());
  // More than seven digits of a fraction are rounded.
  const fraction = Math.round(Number(`0.${parts.fraction ?? 0}`) * Number(ticksPerSecond));
  const [year, minute, second] = [fullYear(parts.year ?? ''), number('minute'), number('second')];
  const day = Number(parts.day ?? 1);
  const offset = offsetMinutes(parts.zone ?? '');
  if (hour === undefined || offset === undefined || !isDay(year, month, day) || !isTime(hour, minute, second, fraction))
    return undefined;
  const ticks = ticksOf(year, month, day, hour, minute, second, fraction);
  return within(ticks - BigInt(offset) * 60_000n * ticksPerMs);
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

/** Two digits mean the years up to 2049. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

/** .NET has offsets of up to 14 hours. */
function offsetMinutes(zone: string): number | undefined {
  const parts = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  if (minutes > 14 * 60) return undefined;
  return parts[1] === '-' ? -minutes : minutes;
}
