/** minValue[x], maxValue[x], maxLength. Source: FHIR R4 ElementDefinition. Dates are compared as far as both go. */
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import type { StructureElement } from './structure.ts';

/** What is wrong with the value, as a message; undefined when nothing is. */
export function limitFault(value: JsonValue | undefined, element: StructureElement): string | undefined {
  const { minValue, maxValue, maxLength } = element;
  if (minValue !== undefined && (compare(value, minValue) ?? 0) < 0) return 'The value is below the least allowed.';
  if (maxValue !== undefined && (compare(value, maxValue) ?? 0) > 0) return 'The value is above the greatest allowed.';
  if (maxLength !== undefined && typeof value === 'string' && value.length > maxLength) {
    return `The text has more than ${maxLength} characters.`;
  }
  return undefined;
}

/** Below 0: less; undefined where the two cannot be compared (another unit, a relative limit). */
function compare(value: JsonValue | undefined, limit: JsonValue): number | undefined {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit;
  if (typeof value === 'string' && typeof limit === 'string') {
    const common = Math.min(value.length, limit.length);
    const [one, other] = value.includes('T') && limit.includes('T') ? instants(value, limit) : [value, limit];
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    const [a, b] = [value.slice(0, common), limit.slice(0, common)];
    return a === b ? 0 : a < b ? -1 : 1;
  }
  if (isObject(value) && isObject(limit) && value.code === limit.code) {
    return compare(value.value, limit.value ?? null);
  }
  return undefined;
}

function instants(value: string, limit: string): [number, number] | [string, string] {
  const [one, other] = [Date.parse(value), Date.parse(limit)];
  return Number.isNaN(one) || Number.isNaN(other) ? [value, limit] : [one, other];
}
