import { type DateValue, OPEN_HIGH, OPEN_LOW } from '../../stores/resources/index-entry.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import type { ElementIndexer, IndexedElement } from './index-element.ts';
import { type InstantRange, instantRange } from './instant-range.ts';

const complex: Readonly<Record<string, (value: JsonObject) => DateValue[]>> = {
  Period: (period) => periodDate(period),
  Timing: (timing) => timingDate(timing),
};

/** FHIR R4 3.1.1.4.7. An instant is a point in time, whether or not it has a fraction of a second. */
export function dateIndexer({ type }: IndexedElement): ElementIndexer | undefined {
  if (type === 'date' || type === 'dateTime') return (value) => dateValue(rangeOf(value));
  if (type === 'instant') {
    return (value) => {
      const range = rangeOf(value);
      return dateValue(range && { low: range.low, high: range.low });
    };
  }
  const dates = complex[type];
  return dates && ((value) => (isObject(value) ? dates(value) : []));
}

/** A missing end is open. */
function periodDate({ start, end }: JsonObject): DateValue[] {
  const [from, to] = [rangeOf(start), rangeOf(end)];
  return from || to ? dateValue({ low: from?.low ?? OPEN_LOW, high: to?.high ?? OPEN_HIGH }) : [];
}

/** FHIR R4 3.1.1.4.7: only the outer limits of a Timing count. AHDS differs: it does not index Timing. */
function timingDate({ event, repeat }: JsonObject): DateValue[] {
  const events = (Array.isArray(event) ? event : []).flatMap((each) => rangeOf(each) ?? []);
  const bounds = isObject(repeat) && isObject(repeat.boundsPeriod) ? periodDate(repeat.boundsPeriod) : [];
  const ranges: InstantRange[] = [...events, ...bounds];
  if (ranges.length === 0) return [];
  const outer = ranges.reduce((a, b) => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }));
  return dateValue(outer);
}

function rangeOf(value: JsonValue | undefined): InstantRange | undefined {
  return typeof value === 'string' ? instantRange(value) : undefined;
}

function dateValue(range: InstantRange | undefined): DateValue[] {
  return range ? [{ kind: 'date', low: range.low, high: range.high }] : [];
}
