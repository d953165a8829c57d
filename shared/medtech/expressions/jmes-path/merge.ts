import { isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.ts';
import type { Work } from '../work.ts';

/** Newtonsoft's `Merge`: objects within each other too, arrays one behind the other; a null changes nothing. */
export function merged(one: JsonObject, other: JsonObject, work: Work): JsonObject {
  const members = new Map(Object.entries(one));
  work.spend(members.size);
  for (const [name, value] of Object.entries(other)) {
    const known = members.get(name);
    if (known === undefined) members.set(name, value);
    else if (value !== null) members.set(name, mergedValue(known, value, work));
  }
  return Object.fromEntries(members);
}

function mergedValue(known: JsonValue, value: JsonValue, work: Work): JsonValue {
  if (isArray(known) && isArray(value)) {
    work.spend(known.length + value.length);
    return [...known, ...value];
  }
  return isObject(known) && isObject(value) ? merged(known, value, work) : value;
}
