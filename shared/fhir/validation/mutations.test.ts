import { describe, expect, it } from 'vitest';
import { hl7Examples } from '../../../test/fixtures/hl7-examples.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { compileValidator } from './compile-validator.ts';

const definitions = loadDefinitions();
const validate = compileValidator(definitions);

/** Where a value stands in a resource, and how its place is written in FHIRPath. */
interface Place {
  holder: JsonObject | JsonValue[];
  key: string | number;
  value: JsonValue;
  path: string;
}

/** A right example of each resource type that has one. */
const examples = [
  ...new Map(
    hl7Examples()
      .filter((example) => validate(example).length === 0)
      .map((example) => [example.resourceType, example]),
  ).values(),
];

/** All elements but ids, extensions and what goes with primitive values; nested resources are elements too. */
function* placesIn(value: JsonValue | undefined, path: string): Generator<Place> {
  if (Array.isArray(value)) {
    for (const [key, item] of value.entries()) {
      yield { holder: value, key, value: item, path: `${path}[${key}]` };
      yield* placesIn(item, `${path}[${key}]`);
    }
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined || key === 'resourceType' || key.startsWith('_') || `_${key}` in value) continue;
      yield { holder: value, key, value: member, path: `${path}.${key}` };
      yield* placesIn(member, `${path}.${key}`);
    }
  }
}

/** Changes every place of every example for which `change` has another value; gives the places where no fault was found. */
function unnoticed(change: (place: Place) => JsonValue | undefined): { changed: number; missed: string[] } {
  const missed: string[] = [];
  let changed = 0;
  for (const example of examples) {
    for (const place of [...placesIn(example, example.resourceType)]) {
      const other = change(place);
      if (other === undefined) continue;
      changed++;
      const holder = place.holder as Record<string | number, JsonValue>;
      holder[place.key] = other;
      const found = validate(example).some(({ expression }) => expression?.[0] === place.path);
      holder[place.key] = place.value;
      if (!found) missed.push(place.path);
    }
  }
  return { changed, missed };
}

const isPrimitive = (value: JsonValue): boolean => typeof value !== 'object';

describe('in an example of every resource type, wherever it is, is noticed', () => {
  it.each<[string, (place: Place) => JsonValue | undefined]>([
    ['null', () => null],
    ['an empty array', ({ value }) => (Array.isArray(value) ? [] : undefined)],
    ['an empty object', ({ value }) => (isObject(value) && value.resourceType === undefined ? {} : undefined)],
    ['an empty string', ({ value }) => (typeof value === 'string' ? '' : undefined)],
    ['a string for an object or array', ({ value }) => (isPrimitive(value) ? undefined : 'text')],
    [
      'a string for a number or boolean',
      ({ value }) => (typeof value === 'string' || !isPrimitive(value) ? undefined : 'x'),
    ],
    ['a number for a string', ({ value }) => (typeof value === 'string' ? 7 : undefined)],
    ['an object for a primitive', ({ value }) => (isPrimitive(value) ? { value } : undefined)],
    ['an array for a single value', ({ value }) => (Array.isArray(value) ? undefined : [value])],
    ['a single value for an array', ({ value }) => (Array.isArray(value) ? value[0] : undefined)],
    ['a control character', ({ value }) => (typeof value === 'string' ? `${value.slice(0, 20)}\u0001` : undefined)],
  ])('%s', (_, change) => {
    const { changed, missed } = unnoticed(change);
    expect(missed).toEqual([]);
    expect(changed).toBeGreaterThan(100);
  });

  it('an unknown element', () => {
    for (const example of examples) {
      const objects = [...placesIn(example, example.resourceType)].filter(({ value }) => isObject(value));
      for (const { value, path } of objects) {
        (value as JsonObject).unheardOf = true;
        expect(validate(example).map(({ expression }) => expression?.[0])).toEqual([`${path}.unheardOf`]);
        delete (value as JsonObject).unheardOf;
      }
    }
  });

  it('the lack of a required element', () => {
    const found: [string, string[]][] = [];
    for (const example of examples) {
      for (const { name, min, choice } of definitions.type(example.resourceType)?.elements.values() ?? []) {
        if (min === 0 || choice !== undefined) continue;
        const without: Resource = { ...example, [name]: undefined };
        found.push([
          `${example.resourceType}.${name}`,
          validate(without).flatMap(({ expression }) => expression ?? []),
        ]);
      }
    }
    expect(found.filter(([path, places]) => !places.includes(path))).toEqual([]);
    expect(found.length).toBeGreaterThan(150);
  });
});
