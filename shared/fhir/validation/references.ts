/**
 * References into the resource itself. Source: FHIR R4, Contained Resources, and invariant ref-1.
 * A reference to a type that its element does not allow is accepted, as AHDS does: four of HL7's own examples have one.
 */
import type { JsonObject } from '../resource/types.ts';
import { quote, type Walk } from './walk.ts';

/** Reports a reference to a contained resource that is not there. `#` alone is the resource that contains this one. */
export function checkReference({ reference }: JsonObject, walk: Walk): void {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return;
  const id = reference === '#' ? walk.containedId : reference.slice(1);
  if (id === undefined) return;
  walk.scope?.mention(id);
  if (walk.scope?.has(id) !== true) {
    walk.report('value', `The resource contains no resource with the id ${quote(id)}.`, 'reference');
  }
}
