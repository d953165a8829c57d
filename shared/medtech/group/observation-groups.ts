/**
 * The readings of one Observation: a measurement group is cut by the `periodInterval` of its type's template. Times of one
 * property are unique; AHDS differs: it drops the whole of the earlier of two measurements of the same time, here a value
 * that only the earlier has stays.
 */
import { MedtechError } from '../errors.ts';
import { joined } from '../fhir-mapping/effective-period.ts';
import type { CodeValueTemplate } from '../fhir-mapping/fhir-mapping.ts';
import type { Measurement } from '../measurement.ts';
import { compactText, type Ticks, ticksPerSecond } from '../ticks.ts';
import type { MeasurementGroup } from './measurement-groups.ts';
import { addReading, type Reading } from './reading.ts';

export interface ObservationGroup<M extends Measurement = Measurement> {
  /** As the measurements spell it. */
  readonly type: string;
  readonly start: Ticks;
  readonly end: Ticks;
  /** What tells it from others of the same device and type, in the Observation's identifier. */
  readonly segment: string;
  /** By property name, sorted by time. */
  readonly readings: ReadonlyMap<string, readonly Reading[]>;
  /** What the readings come from, in the order of arrival. */
  readonly measurements: readonly M[];
}

export interface GroupingSettings {
  /** Observations of one measurement are told apart by fractions of a second. AHDS: by seconds. */
  readonly subSecondIdentity?: boolean;
}

type GroupInMaking<M extends Measurement> = Omit<ObservationGroup<M>, 'readings' | 'measurements'> & {
  readonly readings: Map<string, Reading[]>;
  readonly measurements: M[];
};

interface Window {
  readonly start: Ticks;
  readonly end: Ticks;
  readonly segment: string;
}

const hour = 3600n * ticksPerSecond;

/** In the order of their first measurements. */
export function observationGroups<M extends Measurement>(
  group: MeasurementGroup<M>,
  { periodInterval }: Pick<CodeValueTemplate, 'periodInterval'>,
  settings: GroupingSettings = {},
): ObservationGroup<M>[] {
  const windowOf = windows(group, periodInterval, settings);
  const groups = new Map<string, GroupInMaking<M>>();
  for (const measurement of group.measurements) {
    const { occurrence, ingestion, properties } = measurement;
    const window = windowOf(occurrence);
    const key = `${window.start} ${window.segment}`;
    const found: GroupInMaking<M> = groups.get(key) ?? {
      type: group.type,
      ...window,
      readings: new Map(),
      measurements: [],
    };
    groups.set(key, found);
    found.measurements.push(measurement);
    for (const { name, value } of properties) {
      const readings = found.readings.get(name) ?? [];
      found.readings.set(name, readings);
      addReading(readings, { time: occurrence, received: ingestion, text: value });
    }
  }
  return [...groups.values()];
}

function windows(
  { correlationId, measurements }: MeasurementGroup,
  periodInterval: number,
  { subSecondIdentity = false }: GroupingSettings,
): (occurrence: Ticks) => Window {
  switch (periodInterval) {
    case -1: {
      if (!correlationId?.trim()) {
        throw new MedtechError('CorrelationIdNotDefinedException', 'The measurement has no correlation id.');
      }
      const { start, end } = measurements
        .map(({ occurrence }) => ({ start: occurrence, end: occurrence }))
        .reduce(joined);
      return () => ({ start, end, segment: correlationId });
    }
    case 0:
      return (time) => {
        const text = subSecondIdentity ? fractionText(time) : secondText(time);
        return { start: time, end: time, segment: `${text}.${text}` };
      };
    case 60:
      return (time) => aligned(time, hour);
    case 1440:
      return (time) => aligned(time, 24n * hour);
    default:
      throw new MedtechError('FhirDataMappingException', `A periodInterval of ${periodInterval} is not supported.`);
  }
}

function aligned(time: Ticks, length: Ticks): Window {
  const past = ((time % length) + length) % length;
  const start = time - past;
  const end = start + length - 1n;
  return { start, end, segment: `${secondText(start)}.${secondText(end)}` };
}

function secondText(time: Ticks): string {
  return `${compactText(time)}Z`;
}

function fractionText(time: Ticks): string {
  const fraction = ((time % ticksPerSecond) + ticksPerSecond) % ticksPerSecond;
  return fraction === 0n ? secondText(time) : `${compactText(time)}.${String(fraction).padStart(7, '0')}Z`;
}
