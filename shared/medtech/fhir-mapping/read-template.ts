/** One template of a FHIR mapping: how the measurements of a type become Observations. */

import type { MappingObject } from '../json/mapping-object.ts';
import type { CodeValueTemplate, ComponentTemplate, MappedCode, MappedConcept, ValueTemplate } from './fhir-mapping.ts';
import { maxSlots } from './sampled-data.ts';

const intervals: Readonly<Record<string, number>> = { correlationid: -1, single: 0, hourly: 60, daily: 1440 };
const valueTypes: readonly ValueTemplate['type'][] = ['SampledData', 'Quantity', 'String', 'CodeableConcept'];

/** Undefined where it has no type name; other mistakes are only noted. */
export function readTemplate(object: MappingObject): CodeValueTemplate | undefined {
  object.only(['typeName', 'periodInterval', 'codes', 'category', 'value', 'components']);
  const typeName = object.text('typeName');
  if (!typeName?.trim()) object.missing('typeName');
  const periodInterval = readInterval(object);
  const codes = requiredCodes(object);
  const category = object.list('category')?.map(readConcept) ?? [];
  const value = optionalValue(object, periodInterval);
  const components = object.list('components')?.flatMap((each) => readComponent(each, periodInterval)) ?? [];
  if (!typeName?.trim()) return undefined;
  return { typeName, periodInterval, codes, category, ...(value && { value }), components };
}

/** AHDS takes any whole number and fails on the measurements: so a mapping stays usable for its other types. */
function readInterval(object: MappingObject): number {
  const given = object.get('periodInterval');
  if (given === undefined) return 0;
  const named = typeof given === 'string' ? intervals[given.toLowerCase()] : undefined;
  const interval = named ?? object.number('periodInterval');
  if (interval === undefined) return 0;
  if (!Number.isInteger(interval)) object.error("'periodInterval' must be a whole number.", 'periodInterval');
  else if (!Object.values(intervals).includes(interval)) {
    object.warning(
      "'periodInterval' must be -1, 0, 60 or 1440: measurements of this type will fail.",
      'periodInterval',
    );
  }
  return interval;
}

function requiredCodes(object: MappingObject): MappedCode[] {
  if (object.get('codes') === undefined) object.missing('codes');
  return object.list('codes')?.map(readCode) ?? [];
}

const codeMembers = ['code', 'system', 'display'] as const;

function readCode(object: MappingObject): MappedCode {
  object.only(codeMembers);
  return texts(object, codeMembers);
}

function readConcept(object: MappingObject): MappedConcept {
  object.only(['text', 'codes']);
  return { ...texts(object, ['text']), codes: object.list('codes')?.map(readCode) ?? [] };
}

function readComponent(object: MappingObject, periodInterval: number): ComponentTemplate[] {
  object.only(['codes', 'value']);
  const codes = requiredCodes(object);
  const value = optionalValue(object, periodInterval);
  if (object.get('value') === undefined) object.missing('value');
  return value ? [{ codes, value }] : [];
}

/** AHDS: what else stands in a value is ignored, so that one of another type may be left there. */
function optionalValue(holder: MappingObject, periodInterval: number): ValueTemplate | undefined {
  const object = holder.object('value');
  if (!object) return undefined;
  const name = object.text('valueName');
  const given = object.text('valueType');
  if (!name?.trim()) object.missing('valueName');
  if (!given?.trim()) object.missing('valueType');
  const type = valueTypes.find((each) => each.toLowerCase() === given?.toLowerCase());
  if (given?.trim() && !type) {
    object.error(`No match found for value type '${given}': it must be ${valueTypes.join(', ')}.`, 'valueType');
  }
  if (!name?.trim() || !type) return undefined;
  switch (type) {
    case 'SampledData':
      return { type, name, ...readPeriod(object, periodInterval), ...texts(object, ['unit']) };
    case 'Quantity':
      return { type, name, ...texts(object, ['unit', 'system', 'code']) };
    case 'String':
      return { type, name };
    case 'CodeableConcept': {
      const codes = object.list('codes')?.map((code) => texts(code, codeMembers));
      if (!codes) object.warning("'codes' is missing: measurements with this value will fail.");
      return { type, name, ...texts(object, ['text']), ...(codes && { codes }) };
    }
  }
}

function readPeriod(object: MappingObject, periodInterval: number): { periodMs?: number } {
  const periodMs = object.number('defaultPeriod');
  if (periodMs === undefined) {
    if (object.get('defaultPeriod') === undefined) {
      object.warning("'defaultPeriod' is missing: measurements with this value will fail.");
    }
    return {};
  }
  if (periodMs <= 0) {
    object.error("'defaultPeriod' must be more than 0 milliseconds.", 'defaultPeriod');
    return {};
  }
  const slots = (periodInterval * 60_000) / periodMs;
  if (slots > maxSlots) {
    const most = `An Observation would have ${Math.ceil(slots)} values, ${maxSlots} are allowed`;
    object.warning(`${most}: measurements with this value will fail.`, 'defaultPeriod');
  }
  return { periodMs };
}

function texts<Name extends string>(object: MappingObject, names: readonly Name[]): { [name in Name]?: string } {
  const given = names.flatMap((name) => {
    const text = object.text(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given) as { [name in Name]?: string };
}
