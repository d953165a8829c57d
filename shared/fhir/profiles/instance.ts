/** The elements of a resource as the checks see them: a value with its type and its place. FHIR R4 2.6.2 (JSON). */
import type { Definitions, ElementDefinition } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';

export interface Instance {
  /** Undefined for a resource that is known by a reference to it only, null for a primitive with extensions only. */
  readonly value: JsonValue | undefined;
  /** Id and extensions of a primitive value. */
  readonly companion?: JsonObject;
  /** `Observation`, `Quantity`, `code`, `Observation.component`. */
  readonly type: string;
  /** The element's name in its parent, `value[x]` for a choice; the type for the resource itself. */
  readonly name: string;
  /** The last step of its place: a JSON property, or an index in the array of one. */
  readonly step: string | number;
  readonly parent?: Instance;
  /** The property above an item of an array. */
  readonly property?: string;
}

/** The object that has the children of an element; undefined for a primitive without extensions. */
export function objectOf({ value, companion }: Instance): JsonObject | undefined {
  return isObject(value) ? value : companion;
}

export function rootInstance(resource: JsonObject): Instance {
  const type = String(resource.resourceType);
  return { value: resource, type, name: type, step: type };
}

/** Steps from the root: `['component', 0, 'code']`. */
export function stepsOf(instance: Instance): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at: Instance | undefined = instance; at?.parent; at = at.parent) {
    steps.push(at.step);
    if (at.property !== undefined) steps.push(at.property);
  }
  return steps.reverse();
}

/** FHIRPath of the place: `Observation.component[0].code`. */
export function expressionOf(instance: Instance): string {
  let root = instance;
  while (root.parent) root = root.parent;
  const steps = stepsOf(instance).map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return `${root.type}${steps.join('')}`;
}

/** The values of the child `name` (`code`, `value[x]`, `valueQuantity`). */
export function childrenOf(parent: Instance, name: string, definitions: Definitions): Instance[] {
  const object = objectOf(parent);
  if (object === undefined) return [];
  const elements = definitions.type(parent.type)?.elements;
  if (elements === undefined) return [];
  if (!name.endsWith('[x]')) {
    const element = elements.get(name);
    return element ? valuesAt(parent, object, element, element.choice ? `${element.choice}[x]` : name) : [];
  }
  const choice = name.slice(0, -3);
  for (const key of Object.keys(object)) {
    const element = elements.get(key.startsWith('_') ? key.slice(1) : key);
    if (element?.choice === choice) return valuesAt(parent, object, element, name);
  }
  return [];
}

function valuesAt(parent: Instance, object: JsonObject, element: ElementDefinition, name: string): Instance[] {
  const property = element.name;
  const value = object[property];
  const companions = object[`_${property}`];
  if (value === undefined && companions === undefined) return [];
  const made = (one: JsonValue | undefined, companion: JsonValue | undefined, index?: number): Instance => ({
    value: one ?? null,
    ...(isObject(companion) && { companion }),
    type: element.type === 'Resource' ? resourceTypeOf(one) : element.type,
    name,
    ...(index === undefined ? { step: property } : { step: index, property }),
    parent,
  });
  if (!Array.isArray(value ?? companions)) return [made(value, companions)];
  const values = Array.isArray(value) ? value : [];
  const extras = Array.isArray(companions) ? companions : [];
  return Array.from({ length: Math.max(values.length, extras.length) }, (_, at) => made(values[at], extras[at], at));
}

function resourceTypeOf(value: JsonValue | undefined): string {
  return isObject(value) && typeof value.resourceType === 'string' ? value.resourceType : 'Resource';
}
