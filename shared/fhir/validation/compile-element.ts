/** From an element's definition to the checks of its JSON properties. Source: FHIR R4 2.6.2 (JSON representation). */
import type { ElementDefinition } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import type { Property, PropertyCheck } from './compile-type.ts';
import { kindOf, type Walk } from './walk.ts';

/** The check of one value, which stands at `holder[key]`: in the object that has the element, or in its array. */
export type ValueCheck = (value: JsonValue, holder: object, key: string | number, walk: Walk) => void;

/** The property of an element whose values are objects. */
export function complexProperty({ name, max, choice }: ElementDefinition, check: ValueCheck): Property {
  return { name, element: name, choice, check: max === 1 ? single(name, check) : repeating(name, max, check) };
}

/** `Element.id` and `Extension.url`, attributes in XML, are bare values: no `_id` or `_url` goes with them. */
export function attributeProperty({ name }: ElementDefinition, check: ValueCheck): Property {
  return { name, element: name, choice: undefined, check: single(name, check) };
}

/** The two properties of a primitive: `name` has its values, `_name` the ids and extensions that go with them. */
export function primitiveProperties(element: ElementDefinition, check: ValueCheck, companion: ValueCheck): Property[] {
  const { name, max, choice } = element;
  const companionName = `_${name}`;
  const companions = { name: companionName, element: name, choice };
  if (max === 1) {
    const companionCheck = single(name, companion);
    return [
      { name, element: name, choice, check: single(name, check) },
      {
        ...companions,
        check: (value, object, walk) => {
          companionCheck(value, object, walk);
          if (object[name] === undefined) requireExtension(value, walk);
        },
      },
    ];
  }
  return [
    { name, element: name, choice, check: repeatingPrimitive(name, max, check) },
    { ...companions, check: repeatingCompanion(name, max, companion) },
  ];
}

function single(name: string, check: ValueCheck): PropertyCheck {
  return (value, object, walk) => {
    if (Array.isArray(value)) walk.report('structure', `${name} is a single value, not an array.`);
    else check(value, object, name, walk);
  };
}

function repeating(name: string, max: number, check: ValueCheck): PropertyCheck {
  return (values, _object, walk) => {
    if (!Array.isArray(values)) return walk.report('structure', `${name} is an array, found ${kindOf(values)}.`);
    if (values.length === 0) walk.report('structure', `${name} must not be an empty array.`);
    if (values.length > max) walk.report('structure', `${name} has at most ${max} values, found ${values.length}.`);
    for (let index = 0; index < values.length && !walk.isFull; index++) {
      walk.enter(index);
      check(values[index] as JsonValue, values, index, walk);
      walk.leave();
    }
  };
}

/** A null among the values says that the value at its place has extensions only. */
function repeatingPrimitive(name: string, max: number, check: ValueCheck): PropertyCheck {
  return (values, object, walk) => {
    const companions = object[`_${name}`];
    const itemCheck: ValueCheck = (value, holder, key, pass) => {
      if (value !== null) check(value, holder, key, pass);
      else if (!Array.isArray(companions))
        pass.report('structure', 'null stands only for a value that has extensions.');
      else requireExtension(companions[Number(key)], pass);
    };
    repeating(name, max, itemCheck)(values, object, walk);
  };
}

/** A null among the companions says that the value at its place has neither id nor extension. */
function repeatingCompanion(name: string, max: number, check: ValueCheck): PropertyCheck {
  return (companions, object, walk) => {
    const values = object[name];
    if (Array.isArray(values) && Array.isArray(companions) && values.length !== companions.length) {
      walk.report('structure', `${name} and _${name} must have the same length, with null where one has nothing.`);
    }
    const itemCheck: ValueCheck = (companion, holder, key, pass) => {
      if (values === undefined) requireExtension(companion, pass);
      if (companion !== null) check(companion, holder, key, pass);
    };
    repeating(`_${name}`, max, itemCheck)(companions, object, walk);
  };
}

/** Invariant ele-1: an element has a value or children besides its id. */
function requireExtension(companion: JsonValue | undefined, walk: Walk): void {
  if (isObject(companion) && companion.extension !== undefined) return;
  walk.report('structure', 'An element without a value must have an extension.');
}
