/** A golden case: events, and the measurements and Observations that they must become. */
import type { JsonValue } from '../../fhir/resource/types.ts';
import type { CheckedMappings } from './check-mappings.ts';
import { type Difference, differences } from './differences.ts';
import { measurementJson } from './measurement-json.ts';
import { runEvents } from './run-events.ts';
import type { SampleEvent } from './sample-events.ts';

export interface GoldenCase {
  /** Absent: not looked at. */
  readonly measurements?: JsonValue;
  readonly observations?: JsonValue;
  /** The names of the errors, in their order; absent: none. */
  readonly errors?: JsonValue;
}

export interface GoldenResult {
  readonly measurements: JsonValue[];
  readonly observations: JsonValue[];
  readonly errors: JsonValue[];
}

/** What the events become, in the form of a golden case's files. */
export function goldenResult(mappings: CheckedMappings, events: readonly SampleEvent[]): GoldenResult {
  const { measurements, failures, preview } = runEvents(mappings, events);
  return {
    measurements: measurements.flat().map(measurementJson),
    observations: preview.observations.map(({ observation }) => observation),
    errors: failures.map((failure) => failure.replace(/^event \d+: /, '').replace(/:.*$/s, '')),
  };
}

/** How the result differs from what is expected; not at all: the case passes. */
export function checkGoldenCase(expected: GoldenCase, actual: GoldenResult): Difference[] {
  return [
    ...(expected.measurements === undefined
      ? []
      : differences(asMeasurements(expected.measurements), actual.measurements, 'measurements')),
    ...(expected.observations === undefined
      ? []
      : differences(expected.observations, actual.observations, 'observations')),
    ...differences(expected.errors ?? [], actual.errors, 'errors'),
  ];
}

/** Measurements as AHDS writes them, too: names with a capital letter, null for what is absent, the time of arrival. */
function asMeasurements(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(asMeasurements);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [lowerFirst(name), member] as const);
  const kept = members.filter(([name, member]) => member !== null && name !== 'ingestionTimeUtc');
  return Object.fromEntries(kept.map(([name, member]) => [name, asMeasurements(member ?? null)]));
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
