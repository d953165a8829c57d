/** Which texts Newtonsoft.Json reads as dates, and the moments they name. */
import { firstTick, lastTick, roundTripText, type Ticks, ticksFromMs, ticksOf, ticksPerMs } from '../ticks.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:([Zz])|([-+])(\d\d)(?::?(\d\d))?)?$/;
const microsoft = /^\/Date\((-?\d{1,15})(?:[-+]\d{4}|[-+]\d\d)?\)\/$/;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is the text a date to Newtonsoft: ISO 8601 of 19 to 40 characters with a `T`, or `/Date(ms)/`? */
export function isDateText(text: string): boolean {
  return dateTicks(text) !== undefined;
}

/** The moment of a text that `isDateText` accepts. A text without a zone is UTC: Azure's hosts run in UTC. */
export function dateTicks(text: string): Ticks | undefined {
  if (text.charCodeAt(10) === 84 && text.length >= 19 && text.length <= 40) return isoTicks(iso.exec(text));
  return text.startsWith('/Date(') ? microsoftTicks(text) : undefined;
}

/** How Newtonsoft writes the date again, which is what `==` compares with a text: the zone kept, in UTC, no idle zeros. */
export function dateRewritten(text: string): string | undefined {
  const ticks = dateTicks(text);
  if (ticks === undefined) return undefined;
  return `${rewritten(ticks)}${zone(text)}`;
}

/** The ISO form in UTC with no idle zeros and without a zone. */
export function rewritten(ticks: Ticks): string {
  return roundTripText(ticks)
    .slice(0, -1)
    .replace(/\.?0+$/, '');
}

function zone(text: string): string {
  if (/[Zz/]$/.test(text)) return 'Z';
  return /[-+]\d\d(?::?\d\d)?$/.test(text.slice(19)) ? '+00:00' : '';
}

function isoTicks(found: RegExpExecArray | null): Ticks | undefined {
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(found[group])) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = found[7] ? Number(found[7].padEnd(7, '0')) : 0;
  if (!isDay(year, month, day) || !isTime(hour, minute, second, fraction)) return undefined;
  const ticks = ticksOf(year, month, day, hour, minute, second, fraction);
  const offset = Number(found[10] ?? 0) * 60 + Number(found[11] ?? 0);
  return within(ticks + BigInt((found[9] === '-' ? offset : -offset) * 60_000) * ticksPerMs);
}

function microsoftTicks(text: string): Ticks | undefined {
  const found = microsoft.exec(text);
  return found ? within(ticksFromMs(Number(found[1]))) : undefined;
}

/** The offset may lead out of .NET's calendar, which then keeps its end. */
export function within(ticks: Ticks): Ticks | undefined {
  return ticks < firstTick || ticks > lastTick ? undefined : ticks;
}

export function isDay(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year >= 1 && day >= 1 && day <= (monthLengths[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** Hour 24 only as the end of a day. */
export function isTime(hour: number, minute: number, second: number, fraction: number): boolean {
  if (hour === 24) return minute === 0 && second === 0 && fraction === 0;
  return hour < 24 && minute < 60 && second < 60;
}
