/** Dates and times that exist. Source: FHIR R4 2.24.0.1 (date, dateTime, instant, time). */

const day = '(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?';
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const zone = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';

const datePattern = new RegExp(`^${day}$`);
const dateTimePattern = new RegExp(`^(?:${day}|(\\d{4})-(\\d\\d)-(\\d\\d)T${clock}${zone})$`);
const instantPattern = new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)T${clock}${zone}$`);
const timePattern = new RegExp(`^${clock}$`);

export function isDate(text: string): boolean {
  const found = datePattern.exec(text);
  return found !== null && exists(found[1], found[2], found[3]);
}

export function isDateTime(text: string): boolean {
  const found = dateTimePattern.exec(text);
  return found !== null && exists(found[1] ?? found[4], found[2] ?? found[5], found[3] ?? found[6]);
}

export function isInstant(text: string): boolean {
  const found = instantPattern.exec(text);
  return found !== null && exists(found[1], found[2], found[3]);
}

export function isTime(text: string): boolean {
  return timePattern.test(text);
}

/** Parts that are left out exist. There is no year 0. */
function exists(year: string | undefined, month = '01', date = '01'): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
