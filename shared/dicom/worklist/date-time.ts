/**
 * Dates and times as texts that sort as the times do: `20260131143000.000000`, in UTC. One without an offset is taken as
 * UTC. One that leaves out parts stands for the whole period. Source: DICOM PS3.5, 6.2, DT.
 */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const pattern =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?)?)?)?(?:([+-])(0\d|1[0-4])([0-5]\d))?$/;

/** Undefined for what is no date and time. */
export function dateTimePeriod(text: string): Period | undefined {
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] =
    pattern.exec(text) ?? [];
  if (year === undefined) return undefined;
  const given = [year, month ?? '01', day ?? '01', hour ?? '00', minute ?? '00', second ?? '00'].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = given;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0));
  const start = utc(y, mo, d, h, mi, s);
  const isCalendar = start.getUTCMonth() === mo - 1 && start.getUTCDate() === d && h < 24 && mi < 60 && s <= 60;
  if (!isCalendar) return undefined;
  if (second !== undefined) return instant(start, offset, fraction);
  const end = utc(
    month === undefined ? y + 1 : y,
    day === undefined && month !== undefined ? mo + 1 : mo,
    hour === undefined && day !== undefined ? d + 1 : d,
    minute === undefined && hour !== undefined ? h + 1 : h,
    minute === undefined ? mi : mi + 1,
    s,
  );
  return { from: sortable(start, offset, '000000'), to: sortable(new Date(end.getTime() - 1000), offset, '999999') };
}

/** A second, or a part of it. */
function instant(start: Date, offset: number, fraction = ''): Period {
  return {
    from: sortable(start, offset, fraction.padEnd(6, '0')),
    to: sortable(start, offset, fraction.padEnd(6, fraction === '' ? '9' : '0')),
  };
}

/** Years below 100 as they are. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date;
}

function sortable(time: Date, offsetMinutes: number, fraction: string): string {
  const moved = new Date(time.getTime() - offsetMinutes * 60_000);
  return `${moved.toISOString().slice(0, 19).replace(/[-:T]/g, '')}.${fraction}`;
}
