/** fixed[x] and pattern[x]. Source: FHIR R4 ElementDefinition: the same value; at least what the pattern has. */
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';

/** Exactly the same value, whatever the order of its properties. */
export function isFixed(value: JsonValue | undefined, fixed: JsonValue): boolean {
  if (Array.isArray(fixed)) {
    return Array.isArray(value) && value.length === fixed.length && fixed.every((one, at) => isFixed(value[at], one));
  }
  if (!isObject(fixed)) return value === fixed;
  if (!isObject(value)) return false;
  const names = Object.keys(fixed);
  return Object.keys(value).length === names.length && names.every((name) => isFixed(value[name], fixed[name] ?? null));
}

/** All that the pattern has; of an array, each of the pattern's items is matched by one of the value's. */
export function hasPattern(value: JsonValue | undefined, pattern: JsonValue): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((one) => value.some((item) => hasPattern(item, one)));
  }
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.keys(pattern).every((name) => hasPattern(value[name], pattern[name] ?? null));
}
