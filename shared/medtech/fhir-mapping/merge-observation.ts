/** An Observation that is there already, brought up to date by a group of readings. */
import { isObject } from '../../fhir/resource/json.ts';
import { sameButMeta } from '../../fhir/resource/text.ts';
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import type { ObservationGroup } from '../group/observation-groups.ts';
import type { Reading } from '../group/reading.ts';
import { withDigits } from './decimal-holders.ts';
import { type EffectivePeriod, effectivePeriodOf, joined, periodElement } from './effective-period.ts';
import type { CodeValueTemplate, ComponentTemplate, ValueTemplate } from './fhir-mapping.ts';
import { type LatestReadings, readNotes, writeNotes } from './latest-reading.ts';
import { categoryElement, namedConcept } from './mapped-code.ts';
import { serviceSystem } from './observation-identity.ts';
import { createValue, elementName, updateValue } from './value-element.ts';

/**
 * The Observation with the group's readings, status amended; undefined where they change nothing. `existing` is left as it is.
 * Code, issued, subject, device, encounter and identifier stay; category is the mapping's, the period is widened.
 */
export function mergeObservation(
  template: CodeValueTemplate,
  group: ObservationGroup,
  existing: Resource,
): Resource | undefined {
  const before = effectivePeriodOf(existing, group);
  const merge = new Merge(group, before, latestKnown(template, existing, before));
  const { category: _category, effectiveDateTime: _effectiveDateTime, ...kept } = existing;
  const category = categoryElement(template.category);
  const merged: Resource = { ...(kept as Resource) };
  if (category.length > 0) merged.category = category;
  if (template.value) merge.value(merged, template.value);
  const component = merge.components(componentsOf(existing), template.components);
  if (component.length > 0) merged.component = component;
  // The words for the same times may differ: they stay unless the times do.
  if (merge.widened || existing.effectivePeriod === undefined) {
    merged.effectivePeriod = periodElement(merge.window);
  }
  writeNotes(merged, merge.latest, merge.window, template.periodInterval);
  withDigits(merged);
  if (!merge.mustNote && sameButMeta(ordered(merged, existing), existing)) return undefined;
  merged.status = 'amended';
  return merged;
}

class Merge {
  readonly window: EffectivePeriod;
  readonly widened: boolean;
  readonly latest: LatestReadings;
  mustNote = false;
  readonly #before: EffectivePeriod;
  readonly #readings: ReadonlyMap<string, readonly Reading[]>;

  constructor(group: ObservationGroup, before: EffectivePeriod, latest: LatestReadings) {
    this.window = joined(before, group);
    this.widened = this.window.start !== before.start || this.window.end !== before.end;
    this.latest = latest;
    this.#before = before;
    this.#readings = group.readings;
  }

  /** Puts into `holder`, the Observation or a component, what its value is now. */
  value(holder: JsonObject, template: ValueTemplate): void {
    const name = elementName(template);
    const readings = this.#readings.get(template.name) ?? [];
    const existing = Object.keys(holder).find((key) => /^value[A-Z]/.test(key));
    if (existing === undefined && readings.length === 0) return;
    if (existing !== undefined && existing !== name) {
      if (readings.length === 0) return;
      throw new MedtechError('NotSupportedException', `The Observation has a ${existing}, the mapping a ${name}.`);
    }
    const shown = this.latest.get(template.name);
    const before = this.#before;
    const window = this.window;
    const change =
      existing === undefined
        ? createValue(template, readings, window)
        : updateValue(template, holder[name] ?? null, readings, { before, window, shown });
    if (!change) return;
    holder[name] = change.value;
    if (change.latest) this.latest.set(template.name, change.latest);
    this.mustNote ||= change.mustNote;
  }

  /** A component is known by its value's name, as a code of the service; those of other codes stay. */
  components(existing: readonly JsonObject[], templates: readonly ComponentTemplate[]): JsonObject[] {
    const components = existing.map((component) => ({ ...component }));
    for (const { codes, value } of templates) {
      const found = components.find(({ code }) => hasServiceCode(code, value.name));
      if (found) this.value(found, value);
      else if (this.#readings.has(value.name)) {
        const added: JsonObject = { code: namedConcept(value.name, codes) };
        this.value(added, value);
        components.push(added);
      }
    }
    return components;
  }
}

function componentsOf({ component }: Resource): JsonObject[] {
  return Array.isArray(component) ? component.filter(isObject) : [];
}

function hasServiceCode(code: JsonObject[string], name: string): boolean {
  if (!isObject(code) || !Array.isArray(code.coding)) return false;
  return code.coding.some((coding) => isObject(coding) && coding.system === serviceSystem && coding.code === name);
}

/** Where nothing is noted, the end of the period tells the time of its reading, unless the period is an hour or a day. */
function latestKnown(
  { periodInterval, value, components }: CodeValueTemplate,
  existing: Resource,
  { end }: EffectivePeriod,
): LatestReadings {
  const noted = readNotes(existing);
  if (periodInterval > 0) return noted;
  const names = [value, ...components.map((component) => component.value)].flatMap((each) => each?.name ?? []);
  for (const name of names) if (!noted.has(name)) noted.set(name, { time: end });
  return noted;
}

/** Members in the order of `like`, so that two resources can be compared by their texts. */
function ordered(resource: Resource, like: Resource): Resource {
  const members = Object.keys(like).flatMap((key) => (key in resource ? [[key, resource[key]]] : []));
  return withDigits({ ...Object.fromEntries(members), ...resource } as Resource);
}
