/** The Observations that measurements become, without a FHIR service: whose they are stands in them as an identifier. */
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import { createObservation } from '../fhir-mapping/create-observation.ts';
import { withDigits } from '../fhir-mapping/decimal-holders.ts';
import { type FhirMapping, templateOf } from '../fhir-mapping/fhir-mapping.ts';
import { mergeObservation } from '../fhir-mapping/merge-observation.ts';
import { observationIdentifier } from '../fhir-mapping/observation-identity.ts';
import { type MeasurementGroup, measurementGroups } from '../group/measurement-groups.ts';
import { type ObservationGroup, observationGroups } from '../group/observation-groups.ts';
import type { Measurement } from '../measurement.ts';
import { ticksPerSecond } from '../ticks.ts';

export interface PreviewedObservation {
  /** Tells it from the others, with the ids of the events in place of those of FHIR resources. */
  readonly key: string;
  readonly observation: JsonObject;
}

export interface Preview {
  readonly observations: readonly PreviewedObservation[];
  /** Measurements that become none. */
  readonly errors: readonly MedtechError[];
  /** Readings that would be lost. */
  readonly warnings: readonly string[];
}

/** As the pipeline would, were all the measurements of one batch. */
export function previewObservations(mapping: FhirMapping, measurements: readonly Measurement[]): Preview {
  const observations: PreviewedObservation[] = [];
  const errors: MedtechError[] = [];
  const warnings: string[] = [];
  const attempt = <Result>(run: () => Result): Result | undefined => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof MedtechError)) throw error;
      errors.push(error);
      return undefined;
    }
  };
  for (const group of measurementGroups(measurements)) {
    const template = templateOf(mapping, group.type);
    if (!template) {
      const text = `The FHIR mapping has no template for the type ${group.type}.`;
      errors.push(new MedtechError('TemplateNotFoundException', text));
      continue;
    }
    const windows = attempt(() => observationGroups(group, template)) ?? [];
    if (template.periodInterval === 0 && sameSecond(windows)) {
      warnings.push(
        `Several measurements of ${group.type} and device ${group.deviceId} are of the same second: with periodInterval 0 they are one Observation, which shows the latest.`,
      );
    }
    const owner = { patientId: group.patientId ?? '', deviceId: group.deviceId };
    const resources = new Map<string, Resource>();
    for (const window of windows) {
      const key = observationIdentifier(owner, window);
      const known = resources.get(key);
      const resource = attempt(() =>
        known ? mergeObservation(template, window, known) : createObservation(template, window, owner, ''),
      );
      if (resource) resources.set(key, resource);
    }
    for (const [key, resource] of resources) observations.push({ key, observation: anonymous(resource, group) });
  }
  return { observations, errors, warnings };
}

function sameSecond(windows: readonly ObservationGroup[]): boolean {
  return new Set(windows.map(({ start }) => start / ticksPerSecond)).size < windows.length;
}

/** Without what is known only when it is written. */
function anonymous(observation: JsonObject, group: MeasurementGroup): JsonObject {
  const { id, identifier, issued, meta, subject, encounter, device, ...rest } = observation;
  const known = Object.entries({ subject: group.patientId, encounter: group.encounterId, device: group.deviceId });
  const references = known.flatMap(([name, value]) => (value === undefined ? [] : [[name, { identifier: { value } }]]));
  return withDigits({ ...rest, ...Object.fromEntries(references) });
}
