/**
 * `SampledData.data`: a text for each slot of the period, divided by blanks. Slot k covers the time from start + k·period on;
 * there is a slot for every start up to the end, and `E` where nothing was read.
 */
import { MedtechError } from '../errors.ts';
import { type Ticks, ticksPerMs } from '../ticks.ts';

export interface Sample {
  readonly time: Ticks;
  readonly text: string;
}

/** An hour at 36 ms, a day at 864 ms. AHDS has no limit. */
export const maxSlots = 100_000;

const nothing = 'E';

export function periodTicks(periodMs: number): Ticks {
  return BigInt(Math.max(1, Math.round(periodMs * Number(ticksPerMs))));
}

/** Of several samples in a slot the last one shows. What lies outside of start to end is left out. */
export function buildSamples(samples: readonly Sample[], start: Ticks, end: Ticks, period: Ticks): string {
  const slots = (end - start) / period + 1n;
  if (slots > maxSlots) {
    throw new MedtechError(
      'FhirDataMappingException',
      `SampledData would have ${slots} values, ${maxSlots} are allowed.`,
    );
  }
  const data = new Array<string>(Number(slots)).fill(nothing);
  for (const { time, text } of samples) {
    const slot = slotOf(time, start, period);
    if (slot >= 0 && slot < data.length) data[slot] = text;
  }
  return data.join(' ');
}

/** The samples of `data` at the beginnings of their slots. `U`, `L` and whatever else stands there are kept as they are. */
export function expandSamples(data: string, start: Ticks, period: Ticks): Sample[] {
  return data
    .split(' ')
    .flatMap((text, slot) => (text === nothing || text === '' ? [] : [{ time: start + BigInt(slot) * period, text }]));
}

/** Both sorted by time; of equal times the added one stays. */
export function mergeSamples(before: readonly Sample[], added: readonly Sample[]): Sample[] {
  const times = new Set(added.map(({ time }) => time));
  return [...before.filter(({ time }) => !times.has(time)), ...added].sort((one, other) =>
    one.time < other.time ? -1 : one.time > other.time ? 1 : 0,
  );
}

/** The number of the slot that covers `time`; negative before the start. */
export function slotOf(time: Ticks, start: Ticks, period: Ticks): number {
  return time < start ? -1 : Number((time - start) / period);
}
