/** The time that an Observation is about, to the tick: always a Period, never a dateTime. */
import { isObject } from '../../fhir/resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import { roundTripText, type Ticks, ticksPerMs } from '../ticks.ts';

export interface EffectivePeriod {
  readonly start: Ticks;
  readonly end: Ticks;
}

export function periodElement({ start, end }: EffectivePeriod): JsonObject {
  return { start: roundTripText(start), end: roundTripText(end) };
}

/** Of an Observation that is there already; an end that it does not have is that of `group`. */
export function effectivePeriodOf(
  { effectiveDateTime, effectivePeriod }: Resource,
  group: EffectivePeriod,
): EffectivePeriod {
  const instant = ticksOfDateTime(effectiveDateTime);
  if (instant !== undefined) return { start: instant, end: instant };
  if (!isObject(effectivePeriod)) {
    throw new MedtechError('NotSupportedException', 'The Observation has no effectivePeriod and no effectiveDateTime.');
  }
  const start = ticksOfDateTime(effectivePeriod.start) ?? group.start;
  const end = ticksOfDateTime(effectivePeriod.end) ?? group.end;
  return { start, end };
}

/** The shortest period that holds both. */
export function joined(one: EffectivePeriod, other: EffectivePeriod): EffectivePeriod {
  const [start = one.start] = [one.start, other.start].sort(inTime);
  const [, end = one.end] = [one.end, other.end].sort(inTime);
  return { start, end };
}

function inTime(one: Ticks, other: Ticks): number {
  return Number(one - other);
}

const dateTime = /^(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d:\d\d)?)?)?)(?:\.(\d+))?(Z|[-+]\d\d:\d\d)?$/;

/** A FHIR dateTime; of a day, a month or a year its beginning. Undefined for what is none. */
export function ticksOfDateTime(value: JsonValue | undefined): Ticks | undefined {
  const [, seconds, fraction = '', zone = 'Z'] = (typeof value === 'string' && dateTime.exec(value)) || [];
  if (seconds === undefined) return undefined;
  const ms = Date.parse(seconds.includes('T') ? `${seconds}${zone}` : seconds);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * ticksPerMs + BigInt(fraction.slice(0, 7).padEnd(7, '0'));
}
