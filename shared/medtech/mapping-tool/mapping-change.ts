/** What a change of the mappings does to recorded events. */
import type { JsonValue } from '../../fhir/resource/types.ts';
import type { CheckedMappings } from './check-mappings.ts';
import { type Difference, differences } from './differences.ts';
import { measurementJson } from './measurement-json.ts';
import { type EventsRun, runEvents } from './run-events.ts';
import type { SampleEvent } from './sample-events.ts';

export interface Change {
  /** Of which event, type and device; of an Observation its identifier. */
  readonly key: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Where both are there. */
  readonly differences?: readonly Difference[];
}

export interface Changes {
  readonly added: readonly Change[];
  readonly removed: readonly Change[];
  readonly changed: readonly Change[];
  readonly unchanged: number;
}

export interface MappingChange {
  readonly measurements: Changes;
  readonly observations: Changes;
  /** Errors that there are now, and that there are no more. */
  readonly failures: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

export function mappingChange(
  before: CheckedMappings,
  after: CheckedMappings,
  events: readonly SampleEvent[],
): MappingChange {
  const [old, now] = [runEvents(before, events), runEvents(after, events)];
  return {
    measurements: changes(measurementsByKey(old), measurementsByKey(now)),
    observations: changes(observationsByKey(old), observationsByKey(now)),
    failures: {
      added: now.failures.filter((failure) => !old.failures.includes(failure)),
      removed: old.failures.filter((failure) => !now.failures.includes(failure)),
    },
  };
}

type ByKey = ReadonlyMap<string, JsonValue>;

function changes(before: ByKey, after: ByKey): Changes {
  const added = [...after].filter(([key]) => !before.has(key)).map(([key, value]) => ({ key, after: value }));
  const removed = [...before].filter(([key]) => !after.has(key)).map(([key, value]) => ({ key, before: value }));
  const common = [...before].flatMap(([key, value]) => {
    const now = after.get(key);
    return now === undefined ? [] : [{ key, before: value, after: now, differences: differences(value, now) }];
  });
  const changed = common.filter((each) => each.differences.length > 0);
  return { added, removed, changed, unchanged: common.length - changed.length };
}

/** By event, type, and place among those of the type. */
function measurementsByKey({ measurements }: EventsRun): ByKey {
  const byKey = new Map<string, JsonValue>();
  for (const [index, ofEvent] of measurements.entries()) {
    const counts = new Map<string, number>();
    for (const measurement of ofEvent) {
      const count = (counts.get(measurement.type) ?? 0) + 1;
      counts.set(measurement.type, count);
      byKey.set(`event ${index + 1}, ${measurement.type} ${count}`, measurementJson(measurement));
    }
  }
  return byKey;
}

function observationsByKey({ preview }: EventsRun): ByKey {
  return new Map(preview.observations.map(({ key, observation }) => [key, observation]));
}
