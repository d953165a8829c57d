import { noteHolder } from '../../fhir/resource/json.ts';
import type { JsonValue } from '../../fhir/resource/types.ts';

/** Makes known, from the inside out, what holds values with kept digits, for a resource that was put together. */
export function withDigits<Value extends JsonValue>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) {
    if (member === undefined) continue;
    withDigits(member);
    noteHolder(value, member);
  }
  return value;
}
