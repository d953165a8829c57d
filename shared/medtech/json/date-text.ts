/** Which texts Newtonsoft.Json reads as dates, and the moments they name. */
import { firstTick, lastTick, roundTripText, type Ticks, ticksFromMs, ticksOf, ticksPerMs } from '../ticks.ts';

const point = 46;
const hyphen = 45;
const colon = 58;
const zero = 48;
const zoneOffset = /^([-+])(\d\d)(?::?(\d\d))?$/;
const microsoft = /^\/Date\((-?\d{1,15})(?:[-+]\d{4}|[-+]\d\d)?\)\/$/;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is the text a date to Newtonsoft: ISO 8601 of 19 to 40 characters with a `T`, or `/Date(ms)/`? */
export function isDateText(text: string): boolean {
  return dateTicks(text) !== undefined;
}

/** The moment of a text that `isDateText` accepts. A text without a zone is UTC: Azure's hosts run in UTC. */
export function dateTicks(text: string): Ticks | undefined {
  if (text.charCodeAt(10) === 84 && text.length >= 19 && text.length <= 40) return isoTicksOnce(text);
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

/** The text before: an event's measurements have one time, which each of its templates reads. */
let read: { readonly text: string; readonly ticks: Ticks | undefined } = { text: '', ticks: undefined };

function isoTicksOnce(text: string): Ticks | undefined {
  if (read.text !== text) read = { text, ticks: isoTicks(text) };
  return read.ticks;
}

/** `yyyy-MM-ddTHH:mm:ss`, a fraction of up to seven digits, a zone. By characters: every event has such a text. */
function isoTicks(text: string): Ticks | undefined {
  if (!isPunctuated(text)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const fractionEnd = text.charCodeAt(19) === point ? digitsEnd(text, 20) : 19;
  if (fractionEnd === 20 || fractionEnd > 27) return undefined;
  const fraction = fractionEnd > 20 ? digits(text, 20, fractionEnd - 20) * 10 ** (27 - fractionEnd) : 0;
  const offset = offsetMinutes(text, fractionEnd);
  if (offset === undefined || !isDay(year, month, day) || !isTime(hour, minute, second, fraction)) return undefined;
  const ticks = ticksOf(year, month, day, hour, minute, second, fraction);
  return within(offset === 0 ? ticks : ticks - BigInt(offset * 60_000) * ticksPerMs);
}

function isPunctuated(text: string): boolean {
  return (
    text.charCodeAt(4) === hyphen &&
    text.charCodeAt(7) === hyphen &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon
  );
}

/** East of UTC is positive; undefined for what is no zone. Nothing is UTC. */
function offsetMinutes(text: string, at: number): number | undefined {
  if (at === text.length) return 0;
  if (at + 1 === text.length) return text[at] === 'Z' || text[at] === 'z' ? 0 : undefined;
  const found = zoneOffset.exec(text.slice(at));
  if (!found) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return found[1] === '-' ? -minutes : minutes;
}

/** The number that `count` digits make; NaN where one is none. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= zero && text.charCodeAt(at) <= zero + 9) at += 1;
  return at;
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
