/** From a type's definition to the check of its JSON objects. Source: FHIR R4 2.6.2 (JSON representation). */
import type { TypeDefinition } from '../definitions/definitions.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { quote, type Walk } from './walk.ts';

export type ObjectCheck = (object: JsonObject, walk: Walk) => void;

/** The check of one JSON property; the pass already stands at the element. */
export type PropertyCheck = (value: JsonValue, object: JsonObject, walk: Walk) => void;

/** A JSON property: an element's value, or `_name`, what goes with a primitive value. */
export interface Property {
  readonly name: string;
  /** The element that a fault is reported at: `birthDate` for `_birthDate`. */
  readonly element: string;
  readonly choice: string | undefined;
  readonly check: PropertyCheck;
}

/** The check of a type's objects; `properties` are those of all its elements. */
export function compileType(type: TypeDefinition, properties: readonly Property[]): ObjectCheck {
  const known = new Map(properties.map((property) => [property.name, property]));
  const required = requiredProperties(type, properties);
  return (object, walk) => {
    for (const { element, names } of required) {
      if (names.every((name) => object[name] === undefined)) {
        walk.report('required', `${element} is required in ${type.name}.`, element);
      }
    }
    let isEmpty = true;
    let chosen: Map<string, string> | undefined;
    for (const name of Object.keys(object)) {
      const value = object[name];
      if (value === undefined) continue;
      if (name !== 'id') isEmpty = false;
      if (walk.isFull) return;
      if (name === 'resourceType' && type.kind === 'resource') continue;
      const property = known.get(name);
      if (property === undefined) {
        reportUnknown(type, name, walk);
        continue;
      }
      if (property.choice !== undefined) {
        chosen ??= new Map();
        const other = chosen.get(property.choice) ?? property.element;
        if (other !== property.element) {
          walk.report('structure', `Only one of ${other} and ${property.element} may be there.`, property.element);
        }
        chosen.set(property.choice, other);
      }
      walk.enter(property.element);
      property.check(value, object, walk);
      walk.leave();
    }
    // What goes with a primitive value may be an id alone.
    if (isEmpty && (type.kind !== 'primitive-type' || object.id === undefined)) {
      walk.report('structure', 'An object must have content besides an id.');
    }
  };
}

/** Elements that must be there, a choice under its common name, each with the properties of which one is enough. */
function requiredProperties(type: TypeDefinition, properties: readonly Property[]) {
  const names = Map.groupBy(properties, ({ choice, element }) => choice ?? element);
  const elements = [...type.elements.values()].filter(({ min }) => min > 0);
  return [...new Set(elements.map(({ choice, name }) => choice ?? name))].map((element) => ({
    element,
    names: (names.get(element) ?? []).map(({ name }) => name),
  }));
}

function reportUnknown({ name: type }: TypeDefinition, name: string, walk: Walk): void {
  const below = /^\w{1,64}$/.test(name) ? name : undefined;
  walk.report('structure', `${type} has no element ${quote(name)}.`, below);
}
