/** Whether a coded value lies in a value set. Source: FHIR R4 4.1.5 (binding strengths). */
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import type { ValueSetMembers } from '../terminology/terminology.ts';
import type { Instance } from './instance.ts';

/** `unknown`: it cannot be told here. `none`: the value has no code at all. */
export type Membership = 'in' | 'out' | 'unknown' | 'none';

export function membershipOf({ type, value }: Instance, set: ValueSetMembers): Membership {
  if (type === 'CodeableConcept') return conceptMembership(value, set);
  if (type === 'Coding' || isQuantity(type)) return isObject(value) ? codingMembership(value, set) : 'none';
  if (typeof value !== 'string') return 'none';
  return told(set.has(undefined, value));
}

/** The codings of a coded value; none for a bare code. */
export function codingsOf({ type, value }: Instance): JsonObject[] {
  if (!isObject(value)) return [];
  if (type === 'Coding' || isQuantity(type)) return [value];
  return Array.isArray(value.coding) ? value.coding.filter(isObject) : [];
}

export function isCoded(type: string): boolean {
  return codedTypes.has(type) || isQuantity(type);
}

const codedTypes = new Set(['code', 'Coding', 'CodeableConcept', 'string', 'uri', 'canonical', 'url']);
const quantities = new Set(['Quantity', 'Age', 'Count', 'Distance', 'Duration', 'Money']);

export function isQuantity(type: string): boolean {
  return quantities.has(type);
}

/** One coding inside is enough. */
function conceptMembership(concept: JsonValue | undefined, set: ValueSetMembers): Membership {
  const codings = isObject(concept) && Array.isArray(concept.coding) ? concept.coding.filter(isObject) : [];
  const found = codings.map((coding) => codingMembership(coding, set)).filter((one) => one !== 'none');
  if (found.length === 0) return 'none';
  if (found.includes('in')) return 'in';
  return found.includes('unknown') ? 'unknown' : 'out';
}

function codingMembership({ system, code }: JsonObject, set: ValueSetMembers): Membership {
  if (typeof code !== 'string') return 'none';
  if (typeof system !== 'string') return 'out';
  return told(set.has(system, code));
}

function told(has: boolean | undefined): Membership {
  if (has === undefined) return 'unknown';
  return has ? 'in' : 'out';
}
