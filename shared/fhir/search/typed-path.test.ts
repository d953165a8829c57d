import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import type { JsonValue, Resource } from '../resource/types.ts';
import { compileFhirpath, type TypedValue } from './fhirpath-values.ts';
import { readExamples } from './testing/example-resources.ts';
import { compileTypedPaths, follow, type TypedPath } from './typed-path.ts';

const definitions = loadDefinitions();
const examples = sharedData('fhir-r4-examples/instances.ndjson.gz');

function valuesBy(paths: readonly TypedPath[], resource: Resource): TypedValue[] {
  return paths.flatMap((path) => {
    const found: JsonValue[] = [];
    follow(path, resource, resource, found);
    return found.map((value) => ({ value, type: path.type, element: path.element }));
  });
}

/** The engine calls backbone elements, contained resources and the ids of resources by other names than the definitions. */
function comparable({ value, type }: Pick<TypedValue, 'value' | 'type'>): string {
  if (type === 'id') return JSON.stringify(['string', value]);
  const isStructure =
    type.includes('.') || /^(Backbone)?Element$|Resource$/.test(type) || definitions.isResourceType(type);
  return JSON.stringify([isStructure ? 'structure' : type, value]);
}

describe('plain paths', () => {
  const observation: Resource = {
    resourceType: 'Observation',
    valueQuantity: { value: 1 },
    component: [{ valueString: 'a' }, { valueQuantity: { value: 2 } }],
    extension: [
      { url: 'u', valueString: 'x' },
      { url: 'v', valueString: 'y' },
    ],
  };
  it.each<[expression: string, values: JsonValue[]]>([
    ['Observation.value', [{ value: 1 }]],
    ['Observation.value.ofType(Quantity).value', [1]],
    ['Observation.value.as(string)', []],
    ['Observation.component.value', [{ value: 2 }, 'a']],
    ['(Observation.value | Observation.component.value).ofType(Quantity).value', [1, 2]],
    [
      'Observation.component.value.ofType(Quantity).combine(Observation.value.ofType(Quantity))',
      [{ value: 2 }, { value: 1 }],
    ],
    ["Observation.extension.where(url='v').value", ['y']],
    ["Observation.extension('u').value.ofType(string)", ['x']],
    ['Observation.component[1].value', [{ value: 2 }]],
    ['Patient.name | Observation.value', [{ value: 1 }]],
    ['Resource.meta.tag', []],
  ])('%s', (expression, values) => {
    const paths = compileTypedPaths(definitions, expression, 'Observation') ?? [];
    expect(valuesBy(paths, observation).map(({ value }) => value)).toEqual(values);
  });

  describe('with criteria find what the FHIRPath engine finds', () => {
    const coding = (code: string) => ({ system: 'http://s', code });
    const patient: Resource = {
      resourceType: 'Patient',
      telecom: [
        { system: 'phone', use: 'work', value: '1' },
        { system: 'email', use: 'work', value: '2' },
        { system: 'email', value: '3' },
        { value: '4' },
      ],
      contact: [
        { name: { family: 'A' }, relationship: [{ coding: [coding('x')] }] },
        { name: { family: 'B' }, relationship: [{ coding: [coding('x'), coding('y')] }] },
        { gender: 'male', relationship: [{ coding: [coding('x')] }, { text: 'z' }] },
      ],
      communication: [{ language: { text: 'de' }, preferred: true }, { language: { text: 'en' } }],
    };
    it.each([
      "Patient.telecom.where(system = 'email' and use = 'work').value",
      "Patient.telecom.where(system = 'phone' or system = 'email' and use = 'work').value",
      "Patient.telecom.where((system = 'phone' or system = 'email') and use = 'work').value",
      "Patient.telecom.where(use.exists() and system = 'email').value",
      "Patient.contact.where(relationship.coding.code = 'x').name.family",
      'Patient.contact.where(relationship.coding.exists() and name.exists()).name.family',
      "Patient.contact.where(name.family = 'B').relationship.coding.where(code = 'y').system",
      "Patient.colour.where(a = 'b').c",
    ])('%s', (expression) => {
      const paths = compileTypedPaths(definitions, expression, 'Patient');
      expect(paths).toBeDefined();
      const found = valuesBy(paths ?? [], patient).map(comparable);
      expect(found).toEqual(compileFhirpath(expression)(patient).map(comparable));
    });

    it.each([
      'Patient.communication.where(preferred = true).language',
      "Patient.extension.where(value = 'x').url",
      "Patient.contact.where(gender = 'male').where(name.exists())",
      "Patient.telecom.where(system != 'phone').value",
      'Patient.telecom.where(use.exists().not()).value',
    ])('%s is left to the engine', (expression) => {
      expect(compileTypedPaths(definitions, expression, 'Patient')).toBeUndefined();
    });
  });

  it('pass over the primitive types of a choice, which have no elements', () => {
    const paths = compileTypedPaths(definitions, 'Patient.extension.value.code', 'Patient') ?? [];
    const patient: Resource = {
      resourceType: 'Patient',
      extension: [{ valueString: 'a' }, { valueCoding: { code: 'b' } }],
    };
    expect(valuesBy(paths, patient).map(({ value }) => value)).toEqual(['b']);
  });

  it('of a component start at the element, or at the resource with %resource', () => {
    const [path] = compileTypedPaths(definitions, '%resource.status', 'Observation.component', 'Observation') ?? [];
    expect(path).toMatchObject({ fromResource: true, type: 'code', element: 'Observation.status' });
  });

  it.each([
    'Patient.deceased.exists() and true',
    'Observation.component.first()',
    'Observation.value +',
    "Observation.where(a='b')",
    'Observation.component.value[0]',
    'Observation.extension.value.extension.value',
  ])('leave %s to the FHIRPath engine', (expression) => {
    expect(compileTypedPaths(definitions, expression, 'Observation')).toBeUndefined();
  });

  it('skip the nulls of lists whose items have only extensions', () => {
    const paths = compileTypedPaths(definitions, 'Patient.name.given', 'Patient') ?? [];
    const patient: Resource = { resourceType: 'Patient', name: [{ given: ['a', null] }] };
    expect(valuesBy(paths, patient)).toMatchObject([{ value: 'a', type: 'string' }]);
  });

  it.each<[name: string, resource: Resource]>([
    ['a text where an object belongs', { resourceType: 'Patient', name: 'x' }],
    ['a list of lists', { resourceType: 'Patient', name: [[{ given: ['a'] }]] }],
    ['null', { resourceType: 'Patient', name: null }],
  ])('lead nowhere through %s', (_, resource) => {
    const paths = compileTypedPaths(definitions, 'Patient.name.given', 'Patient') ?? [];
    expect(valuesBy(paths, resource)).toEqual([]);
  });
});

describe.skipIf(!examples)('plain paths against the FHIRPath engine (needs the reference data)', () => {
  it('give the same values for every search expression on every example', () => {
    const byType = Map.groupBy(readExamples(examples ?? ''), (resource) => resource.resourceType);
    let compared = 0;
    for (const [type, resources] of byType) {
      for (const { code, expression } of definitions.searchParameters(type).values()) {
        const paths = expression === '' ? undefined : compileTypedPaths(definitions, expression, type);
        if (!paths) continue;
        const byEngine = compileFhirpath(expression);
        for (const resource of resources) {
          const own = valuesBy(paths, resource).map(comparable).sort();
          const expected = byEngine(resource).map(comparable).sort();
          compared += expected.length;
          expect([...new Set(own)], `${type}.${code} of ${resource.id}`).toEqual([...new Set(expected)]);
        }
      }
    }
    expect(compared).toBeGreaterThan(5000);
  }, 60_000);
});
