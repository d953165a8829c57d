/** What a reference points at, as far as it can be told from the resource itself. Source: FHIR R4 2.3.0 (References). */
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import type { Instance } from './instance.ts';

export interface ReferenceTarget {
  /** Undefined when nothing tells the type. */
  readonly type: string | undefined;
  /** The resource, where it is contained or in the same bundle. */
  readonly found?: Instance;
  readonly how: 'contained' | 'bundled' | 'referenced';
}

/** Undefined for a reference without a `reference` (an identifier, a display). */
export function targetOf(reference: Instance, definitions: Definitions): ReferenceTarget | undefined {
  if (!isObject(reference.value)) return undefined;
  const { reference: literal, type: said } = reference.value;
  const saidType = typeof said === 'string' ? said : undefined;
  if (typeof literal !== 'string') return undefined;
  const resources = resourcesAbove(reference, definitions);
  if (literal.startsWith('#')) {
    const container =
      resources.find(({ value }) => isObject(value) && Array.isArray(value.contained)) ?? resources.at(-1);
    const found = literal === '#' ? container : container && containedIn(container, literal.slice(1));
    return { type: found?.type ?? saidType, ...(found && { found }), how: 'contained' };
  }
  const found = bundledAt(literal, reference, resources);
  if (found) return { type: found.type, found, how: 'bundled' };
  const [, type] = /(?:^|\/)([A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/.exec(literal) ?? [];
  const literalType = type !== undefined && definitions.isResourceType(type) ? type : undefined;
  return { type: literalType ?? saidType, how: 'referenced' };
}

/** The resources that an element is in, the innermost first. */
function resourcesAbove(instance: Instance, definitions: Definitions): Instance[] {
  const found: Instance[] = [];
  for (let at: Instance | undefined = instance; at; at = at.parent) {
    if (definitions.isResourceType(at.type)) found.push(at);
  }
  return found;
}

function containedIn(container: Instance, id: string): Instance | undefined {
  const contained = isObject(container.value) ? container.value.contained : undefined;
  if (!Array.isArray(contained)) return undefined;
  const at = contained.findIndex((one) => isObject(one) && one.id === id);
  return at < 0 ? undefined : inside(container, contained[at], 'contained', at, 'contained');
}

/** By the rules of Bundle: a full URL as it stands, or what a relative one means beside the entry's own (2.36.4.1). */
function bundledAt(literal: string, reference: Instance, resources: readonly Instance[]): Instance | undefined {
  const bundle = resources.find(({ type }) => type === 'Bundle');
  if (!bundle || !isObject(bundle.value) || !Array.isArray(bundle.value.entry)) return undefined;
  const own = entryOf(reference);
  const ownUrl = typeof own?.fullUrl === 'string' ? own.fullUrl : '';
  const base = /^(.*\/)[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.exec(ownUrl)?.[1];
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(literal);
  const wanted = isAbsolute ? literal : base === undefined ? undefined : base + literal;
  if (wanted === undefined) return undefined;
  const unversioned = wanted.replace(/\/_history\/[^/]*$/, '');
  const at = bundle.value.entry.findIndex((entry) => isObject(entry) && entry.fullUrl === unversioned);
  const entry = bundle.value.entry[at];
  if (!isObject(entry) || !isObject(entry.resource)) return undefined;
  const holder: Instance = {
    value: entry,
    type: 'Bundle.entry',
    name: 'entry',
    step: at,
    property: 'entry',
    parent: bundle,
  };
  return inside(holder, entry.resource, 'resource', 'resource');
}

function entryOf(instance: Instance): JsonObject | undefined {
  for (let at: Instance | undefined = instance; at; at = at.parent) {
    if (at.type === 'Bundle.entry' && isObject(at.value)) return at.value;
  }
  return undefined;
}

function inside(
  parent: Instance,
  value: JsonValue | undefined,
  name: string,
  step: string | number,
  property?: string,
): Instance {
  const type = isObject(value) ? String(value.resourceType) : 'Resource';
  return { value, type, name, step, parent, ...(property !== undefined && { property }) };
}
