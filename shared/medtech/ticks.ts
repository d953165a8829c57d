/** Points in time as .NET keeps them, in steps of 100 ns: a device's seven digits of a second's fraction stay. */

/** Steps of 100 ns since 1970-01-01T00:00:00Z; negative before. */
export type Ticks = bigint;

export const ticksPerMs = 10_000n;
export const ticksPerSecond = 10_000_000n;

/** .NET's DateTime ends with the year 9999 and begins with the year 1. */
export const firstTick = BigInt(Date.parse('0001-01-01T00:00:00Z')) * ticksPerMs;
export const lastTick = BigInt(Date.parse('9999-12-31T23:59:59Z')) * ticksPerMs + 9_999_999n;

export function ticksFromMs(ms: number): Ticks {
  return wholeMs(Math.trunc(ms));
}

/** A double keeps ten thousand times such a number exactly, which is quicker than to multiply big integers. */
const exactlyMultiplied = Number.MAX_SAFE_INTEGER / 625;

function wholeMs(ms: number): Ticks {
  return Math.abs(ms) < exactlyMultiplied ? BigInt(ms * 10_000) : BigInt(ms) * ticksPerMs;
}

/** Ticks of a UTC time by the calendar; `fraction` in ticks. The day and the hour may run over. */
export function ticksOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fraction: number,
): Ticks {
  const seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  const belowMs = fraction % 10_000;
  const whole = wholeMs(seconds * 1000 + (fraction - belowMs) / 10_000);
  return belowMs === 0 ? whole : whole + BigInt(belowMs);
}

/** Days since 1970-01-01. Years are counted from March, so that the leap day is the last of a year, in cycles of 400. */
function days(year: number, month: number, day: number): number {
  const fromMarch = month > 2 ? year : year - 1;
  const cycle = Math.floor(fromMarch / 400);
  const inCycle = fromMarch - cycle * 400;
  const inYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return cycle * 146_097 + inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + inYear - 719_468;
}

/** .NET's format "o": `2019-02-01T22:46:01.8750000Z`. */
export function roundTripText(ticks: Ticks): string {
  const fraction = ((ticks % ticksPerSecond) + ticksPerSecond) % ticksPerSecond;
  return `${isoSeconds(ticks)}.${String(fraction).padStart(7, '0')}Z`;
}

/** What .NET's invariant culture makes of a date in a text: `02/01/2019 22:46:01`. */
export function invariantText(ticks: Ticks): string {
  const iso = isoSeconds(ticks);
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11)}`;
}

/** `20190201224601`, to the second: the form in identifiers of Observations. */
export function compactText(ticks: Ticks): string {
  return isoSeconds(ticks).replace(/[-:T]/g, '');
}

function isoSeconds(ticks: Ticks): string {
  const fraction = ((ticks % ticksPerSecond) + ticksPerSecond) % ticksPerSecond;
  return new Date(Number((ticks - fraction) / ticksPerMs)).toISOString().slice(0, 19);
}
