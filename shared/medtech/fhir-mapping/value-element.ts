/**
 * The value of an Observation or of a component: `valueQuantity` and its like, made of readings or brought up to date by
 * them. An element is `{ key, value }`; what has no reading has no element.
 */
import { digitsOf, isObject, keepDigits } from '../../fhir/resource/json.ts';
import type { JsonObject, JsonValue } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import type { Reading } from '../group/reading.ts';
import type { Ticks } from '../ticks.ts';
import { decimalText } from './decimal-text.ts';
import type { EffectivePeriod } from './effective-period.ts';
import type { ValueTemplate } from './fhir-mapping.ts';
import { hidesAnother, isLater, type LatestReading, latestOf } from './latest-reading.ts';
import { concept, given } from './mapped-code.ts';
import { buildSamples, expandSamples, mergeSamples, periodTicks, type Sample, slotOf } from './sampled-data.ts';

export interface ValueChange {
  readonly value: JsonValue;
  readonly latest?: LatestReading | undefined;
  /** A reading that is not shown would be taken for news if it came again, unless it is noted that `latest` is later. */
  readonly mustNote: boolean;
}

type Sampled = Extract<ValueTemplate, { type: 'SampledData' }>;

export function elementName({ type }: ValueTemplate): `value${ValueTemplate['type']}` {
  return `value${type}`;
}

/** `readings`: at least one. */
export function createValue(
  template: ValueTemplate,
  readings: readonly Reading[],
  window: EffectivePeriod,
): ValueChange {
  requireNumbers(template, readings);
  const latest = latestReading(readings);
  switch (template.type) {
    case 'SampledData':
      return { value: sampledData(template, readings, window), latest: latestOf(latest), mustNote: false };
    case 'CodeableConcept':
      return { value: codeableConcept(template), mustNote: false };
    default:
      return { value: singleValue(template, latest), latest: latestOf(latest), mustNote: false };
  }
}

/** What else than `existing` is to stand there; undefined: nothing. `window` contains `before`, the period so far. */
export function updateValue(
  template: ValueTemplate,
  existing: JsonValue,
  readings: readonly Reading[],
  { before, window, shown }: { before: EffectivePeriod; window: EffectivePeriod; shown: LatestReading | undefined },
): ValueChange | undefined {
  if (template.type === 'SampledData') return updateSamples(template, existing, readings, { before, window, shown });
  if (readings.length === 0) return undefined;
  if (template.type === 'CodeableConcept') return { value: codeableConcept(template), mustNote: false };
  requireNumbers(template, readings);
  const shownText = textOf(existing);
  const newer = readings.filter((reading) => isLater(reading, shown, shownText));
  if (newer.length === 0) return undefined;
  const latest = latestReading(newer);
  const mustNote = newer.some((reading) => hidesAnother(reading, shown) || reading.text !== latest.text);
  return { value: singleValue(template, latest), latest: latestOf(latest, shown), mustNote };
}

function latestReading(readings: readonly Reading[]): Reading {
  return readings.at(-1) as Reading;
}

type Quantity = Extract<ValueTemplate, { type: 'Quantity' }>;

function decimalOf({ name }: Quantity, { text }: Reading): string {
  const digits = decimalText(text);
  if (digits !== undefined) return digits;
  throw new MedtechError('InvalidQuantityFhirValueException', `A value of ${name} is not a decimal number.`);
}

/** A reading that is no number is told of, also where it would not be shown: in another batch it might be. */
function requireNumbers(template: ValueTemplate, readings: readonly Reading[]): void {
  if (template.type === 'Quantity') for (const reading of readings) decimalOf(template, reading);
}

/** AHDS fails on several readings in one window; here the latest is the value. */
function singleValue(template: Quantity | Extract<ValueTemplate, { type: 'String' }>, reading: Reading): JsonValue {
  if (template.type === 'String') return reading.text;
  const digits = decimalOf(template, reading);
  const { unit, system, code } = template;
  const quantity: JsonObject = { value: Number(digits), ...given({ unit, system, code }) };
  keepDigits(quantity, 'value', digits);
  return quantity;
}

function textOf(existing: JsonValue): string | undefined {
  if (typeof existing === 'string') return existing;
  if (!isObject(existing) || typeof existing.value !== 'number') return undefined;
  return digitsOf(existing, 'value', existing.value);
}

function codeableConcept({ name, text, codes }: Extract<ValueTemplate, { type: 'CodeableConcept' }>): JsonObject {
  if (!codes) throw new MedtechError('FhirDataMappingException', `The mapping has no codes for the value ${name}.`);
  return concept(text, codes);
}

function sampledData(template: Sampled, readings: readonly Reading[], { start, end }: EffectivePeriod): JsonObject {
  const { name, periodMs, unit } = template;
  if (periodMs === undefined) {
    throw new MedtechError('FhirDataMappingException', `The mapping has no defaultPeriod for the value ${name}.`);
  }
  return {
    origin: { value: 0, ...given({ unit }) },
    period: periodMs,
    dimensions: 1,
    data: buildSamples(samples(name, readings), start, end, periodTicks(periodMs)),
  };
}

/** A blank would divide a value in two. */
function samples(name: string, readings: readonly Reading[]): readonly Reading[] {
  if (readings.every(({ text }) => !/\s/.test(text))) return readings;
  throw new MedtechError('FhirDataMappingException', `A value of ${name} has a blank, which SampledData cannot hold.`);
}

/**
 * The slots are those of the period that stands in the Observation; AHDS reads them with the mapping's, also where that has
 * been changed since. A reading that is not the latest is taken only where its slot is empty.
 */
function updateSamples(
  template: Sampled,
  existing: JsonValue,
  readings: readonly Reading[],
  { before, window, shown }: { before: EffectivePeriod; window: EffectivePeriod; shown: LatestReading | undefined },
): ValueChange | undefined {
  if (!isObject(existing)) throw new MedtechError('NotSupportedException', 'The SampledData is no object.');
  if (typeof existing.dimensions === 'number' && existing.dimensions > 1) {
    throw new MedtechError('NotSupportedException', 'SampledData of several dimensions cannot be merged.');
  }
  const periodMs = typeof existing.period === 'number' && existing.period > 0 ? existing.period : template.periodMs;
  const moved = window.start !== before.start || window.end !== before.end;
  if (periodMs === undefined || (readings.length === 0 && !moved)) return undefined;
  const period = periodTicks(periodMs);
  const old = expandSamples(typeof existing.data === 'string' ? existing.data : '', before.start, period);
  const textAt = slotTexts(old, before.start, period);
  const newer = samples(template.name, readings).filter((reading) => isLater(reading, shown, textAt(reading.time)));
  const taken = readings.filter((reading) => newer.includes(reading) || textAt(reading.time) === undefined);
  if (taken.length === 0 && !moved) return undefined;
  const merged = mergeSamples(old, taken);
  const shownAt = slotTexts(merged, window.start, period);
  const latest = newer.at(-1);
  return {
    value: { ...existing, data: buildSamples(merged, window.start, window.end, period) },
    latest: latest ? latestOf(latest, shown) : shown,
    mustNote: newer.some((reading) => hidesAnother(reading, shown) || shownAt(reading.time) !== reading.text),
  };
}

function slotTexts(sorted: readonly Sample[], start: Ticks, period: Ticks) {
  const texts = new Map(sorted.map(({ time, text }) => [slotOf(time, start, period), text]));
  return (time: Ticks) => texts.get(slotOf(time, start, period));
}
