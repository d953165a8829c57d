/** Parts of a resource: `_summary` and `_elements`. FHIR R4 3.1.1.5.8 and 3.1.1.5.9. */

import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { Definitions, ElementDefinition } from '../definitions/definitions.ts';
import { formatJson, isObject } from './json.ts';
import { parseStored } from './text.ts';
import type { JsonObject, Resource } from './types.ts';

export type Subset =
  | { readonly summary: 'true' | 'text' | 'data' }
  /** Names of elements at the top of the resource. */
  | { readonly elements: readonly string[] };

const always: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta']);
const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/**
 * Takes away, in place, what `subset` does not ask for and tags the rest as a part. Mandatory elements stay.
 * In place, because numbers keep their digits beside the object that they were parsed into (`json.ts`).
 */
export function subset(resource: Resource, wanted: Subset, definitions: Definitions): Resource {
  const keeps = rule(wanted);
  keep(
    resource,
    resource.resourceType,
    (element) => element.min > 0 || keeps(element),
    definitions,
    'summary' in wanted && wanted.summary === 'true',
  );
  tag(resource);
  return resource;
}

/** The text of the part of a stored resource that `wanted` asks for. */
export function subsetText(stored: StoredResource, wanted: Subset, definitions: Definitions): readonly Uint8Array[] {
  return [Buffer.from(formatJson(subset(parseStored(stored), wanted, definitions)))];
}

function rule(wanted: Subset): (element: ElementDefinition) => boolean {
  if ('elements' in wanted) {
    const names = new Set(wanted.elements);
    return ({ name, choice }) => names.has(name) || (choice !== undefined && names.has(choice));
  }
  if (wanted.summary === 'text') return ({ name }) => name === 'text';
  return wanted.summary === 'data' ? ({ name }) => name !== 'text' : ({ summary }) => summary === true;
}

/** Backbone elements are thinned out too where `deep`; data types stay whole. */
function keep(
  object: JsonObject,
  type: string,
  keeps: (element: ElementDefinition) => boolean,
  definitions: Definitions,
  deep: boolean,
): void {
  const elements = definitions.type(type)?.elements;
  for (const [name, value] of Object.entries(object)) {
    if (always.has(name)) continue;
    const element = elements?.get(name.startsWith('_') ? name.slice(1) : name);
    if (!element || !keeps(element)) delete object[name];
    else if (deep && element.type.includes('.')) {
      for (const item of Array.isArray(value) ? value : [value]) {
        if (isObject(item)) keep(item, element.type, keeps, definitions, deep);
      }
    }
  }
}

function tag(resource: Resource): void {
  const meta = isObject(resource.meta) ? resource.meta : {};
  const tags = Array.isArray(meta.tag) ? meta.tag : [];
  if (!tags.some((each) => isObject(each) && each.code === subsetted.code)) meta.tag = [...tags, { ...subsetted }];
  resource.meta = meta;
}
