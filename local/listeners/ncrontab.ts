/**
 * Schedules of timer triggers: `{second} {minute} {hour} {day} {month} {day of week}` in UTC (WEBSITE_TIME_ZONE does not
 * work on Flex). As in NCrontab, day and day of week must both match.
 */
export interface Schedule {
  /** The first time after `date`. */
  next(date: Date): Date;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: months },
  { name: 'day of week', from: 0, to: 6, names: days },
];

const dayMs = 86_400_000;
/** 29 February of a leap year on a given day of the week comes back within 40 years. */
const searchedDays = 40 * 366;

/** Throws with the field's name when the text is not a schedule. */
export function parseSchedule(text: string): Schedule {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) throw new Error(`Schedule "${text}": six fields are needed.`);
  const [seconds, minutes, hours, monthDays, monthNumbers, weekDays] = fields.map((field, position) =>
    parseField(parts[position] ?? '', field),
  ) as [number[], number[], number[], number[], number[], number[]];
  const onDay = (day: Date) =>
    monthDays.includes(day.getUTCDate()) &&
    monthNumbers.includes(day.getUTCMonth() + 1) &&
    weekDays.includes(day.getUTCDay());
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000)),
  );

  return {
    next: (date) => {
      const midnight = Math.floor(date.getTime() / dayMs) * dayMs;
      for (let day = 0; day < searchedDays; day++) {
        const start = midnight + day * dayMs;
        if (!onDay(new Date(start))) continue;
        const time = times.find((each) => start + each > date.getTime());
        if (time !== undefined) return new Date(start + time);
      }
      throw new Error(`Schedule "${text}" never comes.`);
    },
  };
}

/** `*`, `5`, `1-5`, `mon-fri`, each with `/step`, in comma lists; sorted. */
function parseField(text: string, field: Field): number[] {
  const values = text.split(',').flatMap((item) => {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (!match) return refuse(text, field);
    const [, all, first, last, step = '1'] = match;
    const from = all ? field.from : parseValue(first ?? '', field);
    const to = all || (match[4] && !last) ? field.to : parseValue(last ?? first ?? '', field);
    if (Number(step) === 0 || from > to) return refuse(text, field);
    return Array.from(
      { length: Math.floor((to - from) / Number(step)) + 1 },
      (_, index) => from + index * Number(step),
    );
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function parseValue(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  const value = named >= 0 ? named + field.from : Number(text);
  return Number.isInteger(value) && value >= field.from && value <= field.to ? value : refuse(text, field);
}

function refuse(text: string, field: Field): never {
  throw new Error(`"${text}" is not a ${field.name} of a schedule (${field.from} to ${field.to}).`);
}
