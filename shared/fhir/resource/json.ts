/**
 * JSON in and out without losing what FHIR keeps: decimals have their digits (R4 2.24.0.1), keys are unique,
 * and every fault is named by line and column.
 */
import { FhirError } from '../outcome.ts';
import type { JsonObject, JsonValue } from './types.ts';

/** Objects and arrays may be nested this deep in a request. */
export const maxDepth = 100;

/** Digits of the numbers whose value alone would not give them back (`1.50`, `1e2`), beside the object that holds them. */
const exactDigits = new WeakMap<object, Map<string | number, string>>();

/** Parses UTF-8 JSON. Throws `FhirError('structure')` with line and column for anything that is not one JSON value. */
export function parseJson(_bytes: Uint8Array): JsonValue {
  throw new FhirError('structure', 'not written yet');
}

/** The digits of the number at `holder[key]` as they were received. */
export function digitsOf(holder: object, key: string | number, value: number): string {
  return exactDigits.get(holder)?.get(key) ?? String(value);
}

/** JSON text of a parsed value, numbers with the digits they came with. */
export function formatJson(_value: JsonValue | JsonObject): string {
  throw new FhirError('structure', 'not written yet');
}
