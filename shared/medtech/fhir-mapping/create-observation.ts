/** A new Observation of a group of readings. */
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import type { ObservationGroup } from '../group/observation-groups.ts';
import { withDigits } from './decimal-holders.ts';
import { periodElement } from './effective-period.ts';
import type { CodeValueTemplate, ValueTemplate } from './fhir-mapping.ts';
import { type LatestReadings, writeNotes } from './latest-reading.ts';
import { categoryElement, namedConcept } from './mapped-code.ts';
import { idOfIdentifier, type Owner, observationIdentifier, serviceSystem } from './observation-identity.ts';
import { createValue, elementName } from './value-element.ts';

/** `now`: ISO 8601, when it is issued. A value or component without a reading is left out; without any it is still one. */
export function createObservation(
  template: CodeValueTemplate,
  group: ObservationGroup,
  owner: Owner,
  now: string,
): Resource {
  const identifier = observationIdentifier(owner, group);
  const latest: LatestReadings = new Map();
  const elementOf = (value: ValueTemplate): JsonObject | undefined => {
    const readings = group.readings.get(value.name);
    if (!readings) return undefined;
    const created = createValue(value, readings, group);
    if (created.latest) latest.set(value.name, created.latest);
    return { [elementName(value)]: created.value };
  };
  const category = categoryElement(template.category);
  const value = template.value && elementOf(template.value);
  const component = template.components.flatMap(({ codes, value }) => {
    const element = elementOf(value);
    return element ? [{ code: namedConcept(value.name, codes), ...element }] : [];
  });
  const observation: Resource = {
    resourceType: 'Observation',
    id: idOfIdentifier(identifier, serviceSystem),
    identifier: [{ system: serviceSystem, value: identifier }],
    status: 'final',
    ...(category.length > 0 && { category }),
    code: namedConcept(template.typeName, template.codes),
    subject: { reference: `Patient/${owner.patientId}` },
    ...(owner.encounterId !== undefined && { encounter: { reference: `Encounter/${owner.encounterId}` } }),
    effectivePeriod: periodElement(group),
    issued: now,
    ...value,
    device: { reference: `Device/${owner.deviceId}` },
    ...(component.length > 0 && { component }),
  };
  writeNotes(observation, latest, group, template.periodInterval);
  return withDigits(observation);
}
