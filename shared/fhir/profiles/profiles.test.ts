import { describe, expect, it } from 'vitest';
import type { JsonObject, Resource } from '../resource/types.ts';
import { type Known, profileOf, testProfile, testSystem, testValidation } from './testing/full-validation.ts';

/** Severity, code and place of what is wrong with a resource under the test's profile. */
async function faults(resource: JsonObject, elements: readonly JsonObject[], known: Known = {}): Promise<string[]> {
  const type = String(resource.resourceType);
  const profiles = [profileOf(type, elements), ...(known.profiles ?? [])];
  const validation = testValidation({ ...known, profiles });
  const issues = await validation.issues(resource as Resource, [testProfile]);
  return issues.map(({ severity, code, expression }) => `${severity} ${code} ${expression?.[0]}`);
}

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: testSystem, code: 'a' }] },
  valueQuantity: { value: 7, unit: 'g', system: 'http://unitsofmeasure.org', code: 'g' },
};
const patient = { resourceType: 'Patient', birthDate: '2000-05-05', active: true };
const wrong = (place: string) => [`error invalid ${place}`];

describe('what a profile says of one element', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['min met', { id: 'Patient.birthDate', min: 1 }, patient, []],
    ['min not met', { id: 'Patient.gender', min: 1 }, patient, wrong('Patient')],
    ['max 0', { id: 'Patient.active', max: '0' }, patient, wrong('Patient')],
    [
      'max of what repeats',
      { id: 'Patient.name', max: '1' },
      { ...patient, name: [{ text: 'a' }, { text: 'b' }] },
      wrong('Patient'),
    ],
    ['fixed', { id: 'Patient.active', fixedBoolean: true }, patient, []],
    ['another than the fixed', { id: 'Patient.active', fixedBoolean: false }, patient, wrong('Patient.active')],
    [
      'a fixed object with more',
      { id: 'Observation.code', fixedCodeableConcept: { coding: [{ code: 'a' }] } },
      observation,
      wrong('Observation.code'),
    ],
    [
      'a pattern in what has more',
      { id: 'Observation.code', patternCodeableConcept: { coding: [{ code: 'a' }] } },
      observation,
      [],
    ],
    [
      'a pattern that is not there',
      { id: 'Observation.code', patternCodeableConcept: { coding: [{ code: 'b' }] } },
      observation,
      wrong('Observation.code'),
    ],
    ['minValue', { id: 'Patient.birthDate', minValueDate: '2000-05-06' }, patient, wrong('Patient.birthDate')],
    ['minValue met by less precision', { id: 'Patient.birthDate', minValueDate: '2000-05' }, patient, []],
    [
      'maxValue of a quantity',
      { id: 'Observation.value[x]', maxValueQuantity: { value: 5, code: 'g' } },
      observation,
      wrong('Observation.valueQuantity'),
    ],
    [
      'maxValue in another unit',
      { id: 'Observation.value[x]', maxValueQuantity: { value: 5, code: 'mg' } },
      observation,
      [],
    ],
    [
      'maxLength',
      { id: 'Patient.name.family', maxLength: 3 },
      { ...patient, name: [{ family: 'Shaw' }] },
      wrong('Patient.name[0].family'),
    ],
    ['a type of the choice', { id: 'Observation.value[x]', type: [{ code: 'Quantity' }] }, observation, []],
    [
      'another type',
      { id: 'Observation.value[x]', type: [{ code: 'string' }] },
      observation,
      wrong('Observation.valueQuantity'),
    ],
    ['a child of a data type', { id: 'Observation.code.text', min: 1 }, observation, wrong('Observation.code')],
    [
      'an invariant',
      { id: 'Patient', constraint: [{ key: 't-1', severity: 'error', human: 'no', expression: 'active = false' }] },
      patient,
      wrong('Patient'),
    ],
    [
      'an invariant that warns',
      { id: 'Patient', constraint: [{ key: 't-1', severity: 'warning', human: 'no', expression: 'active = false' }] },
      patient,
      ['warning invalid Patient'],
    ],
    [
      'an invariant that is no FHIRPath',
      { id: 'Patient', constraint: [{ key: 't-1', severity: 'error', human: 'no', expression: 'active ==' }] },
      patient,
      ['warning not-supported Patient'],
    ],
  ])('%s', async (_name, element, resource, expected) => {
    expect(await faults(resource, [element])).toEqual(expected);
  });
});

describe('bindings', () => {
  const valueSet = 'http://test.example/vs';
  const known = { valueSets: { [valueSet]: ['a'] } };
  const coded = (code: string) => ({ ...observation, code: { coding: [{ system: testSystem, code }] } });
  const bound = (strength: string) => [{ id: 'Observation.code', binding: { strength, valueSet } }];

  it.each([
    ['required', 'a', []],
    ['required', 'b', ['error code-invalid Observation.code']],
    ['extensible', 'b', ['warning code-invalid Observation.code']],
    ['preferred', 'b', []],
    ['example', 'b', []],
  ])('%s, code %s', async (strength, code, expected) => {
    expect(await faults(coded(code), bound(strength), known)).toEqual(expected);
  });

  it('an unknown value set is told, and is no error', async () => {
    expect(await faults(coded('b'), bound('required'))).toEqual(['information incomplete Observation.code']);
  });
});

describe('slices', () => {
  const component = (code: string, value = 1) => ({
    code: { coding: [{ system: testSystem, code: `component-${code}` }] },
    valueInteger: value,
  });
  const withComponents = (...components: JsonObject[]) => ({ ...observation, component: components });
  const sliced = (more: JsonObject = {}) => [
    {
      id: 'Observation.component',
      slicing: { discriminator: [{ type: 'pattern', path: 'code' }], rules: 'open', ...more },
    },
    { id: 'Observation.component:A', sliceName: 'A', min: 1, max: '1' },
    { id: 'Observation.component:A.code', patternCodeableConcept: { coding: [{ code: 'component-a' }] } },
    { id: 'Observation.component:A.value[x]', min: 1, maxValueInteger: 5 },
    { id: 'Observation.component:B', sliceName: 'B' },
    { id: 'Observation.component:B.code', patternCodeableConcept: { coding: [{ code: 'component-b' }] } },
  ];

  it.each<[string, JsonObject[], JsonObject, string[]]>([
    ['each in its own', [component('a'), component('b'), component('c')], {}, []],
    ['one is missing', [component('b')], {}, wrong('Observation')],
    ['one too many', [component('a'), component('a')], {}, wrong('Observation')],
    ['what a slice says of its content', [component('a', 9)], {}, wrong('Observation.component[0].valueInteger')],
    ['closed', [component('a'), component('c')], { rules: 'closed' }, wrong('Observation.component[1]')],
    ['openAtEnd, others last', [component('a'), component('c')], { rules: 'openAtEnd' }, []],
    [
      'openAtEnd, others first',
      [component('c'), component('a')],
      { rules: 'openAtEnd' },
      wrong('Observation.component[1]'),
    ],
    ['ordered', [component('b'), component('a')], { ordered: true }, wrong('Observation.component[1]')],
  ])('%s', async (_name, components, slicing, expected) => {
    expect(await faults(withComponents(...components), sliced(slicing))).toEqual(expected);
  });

  it('by type: a choice', async () => {
    const elements = [
      { id: 'Observation.value[x]', slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'open' } },
      { id: 'Observation.value[x]:valueQuantity', sliceName: 'valueQuantity', type: [{ code: 'Quantity' }] },
      { id: 'Observation.value[x]:valueQuantity.comparator', min: 1 },
    ];
    expect(await faults(observation, elements)).toEqual(wrong('Observation.valueQuantity'));
    expect(await faults({ ...observation, valueQuantity: undefined, valueString: 'x' }, elements)).toEqual([]);
  });

  it('by what exists', async () => {
    const elements = [
      { id: 'Patient.name', slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' } },
      { id: 'Patient.name:current', sliceName: 'current', max: '1' },
      { id: 'Patient.name:current.period', max: '0' },
    ];
    const named = (...name: JsonObject[]) => ({ ...patient, name });
    expect(await faults(named({ text: 'a' }, { text: 'b', period: { start: '2020' } }), elements)).toEqual([]);
    expect(await faults(named({ text: 'a' }, { text: 'b' }), elements)).toEqual(wrong('Patient'));
  });

  it('by the type of what is referred to', async () => {
    const target = (type: string) => `http://hl7.org/fhir/StructureDefinition/${type}`;
    const elements = [
      { id: 'Observation.performer', slicing: { discriminator: [{ type: 'type', path: 'resolve()' }], rules: 'open' } },
      {
        id: 'Observation.performer:person',
        sliceName: 'person',
        min: 1,
        type: [{ code: 'Reference', targetProfile: [target('Practitioner')] }],
      },
    ];
    const performed = (reference: string) => ({ ...observation, performer: [{ reference }] });
    expect(await faults(performed('Practitioner/1'), elements)).toEqual([]);
    expect(await faults(performed('Organization/1'), elements)).toEqual(wrong('Observation'));
  });

  it('by an extension of the element', async () => {
    const url = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
    const elements = [
      {
        id: 'Patient.name',
        slicing: { discriminator: [{ type: 'value', path: `extension('${url}').value` }], rules: 'open' },
      },
      { id: 'Patient.name:masked', sliceName: 'masked', max: '0' },
      {
        id: 'Patient.name:masked.extension:absent',
        sliceName: 'absent',
        type: [{ code: 'Extension', profile: [url] }],
      },
      { id: 'Patient.name:masked.extension:absent.value[x]', fixedCode: 'masked' },
    ];
    const named = (valueCode: string) => ({ ...patient, name: [{ extension: [{ url, valueCode }] }] });
    expect(await faults(named('unknown'), elements)).not.toContain('error invalid Patient');
    expect(await faults(named('masked'), elements)).toContain('error invalid Patient');
  });

  it('in a slice again', async () => {
    const elements = [
      ...sliced(),
      { id: 'Observation.component:B', slicing: { discriminator: [{ type: 'value', path: 'value' }], rules: 'open' } },
      { id: 'Observation.component:B/one', sliceName: 'B/one', max: '1' },
      { id: 'Observation.component:B/one.value[x]', fixedInteger: 1 },
    ];
    expect(await faults(withComponents(component('a'), component('b'), component('b', 2)), elements)).toEqual([]);
    expect(await faults(withComponents(component('a'), component('b'), component('b')), elements)).toEqual(
      wrong('Observation'),
    );
  });
});

describe('extensions', () => {
  const race = 'http://hl7.org/fhir/StructureDefinition/patient-nationality';
  const extended = (extension: JsonObject, name = 'extension') => ({ ...patient, [name]: [extension] });

  it.each<[string, JsonObject, string[]]>([
    ['unknown', extended({ url: 'http://nowhere.example/x', valueBoolean: true }), []],
    [
      'unknown, a modifier',
      extended({ url: 'http://nowhere.example/x', valueBoolean: true }, 'modifierExtension'),
      wrong('Patient.modifierExtension[0]'),
    ],
    ['known', extended({ url: race, extension: [{ url: 'code', valueCodeableConcept: { text: 'x' } }] }), []],
    [
      'known, its parts of another type',
      extended({ url: race, extension: [{ url: 'code', valueString: 'x' }] }),
      wrong('Patient.extension[0].extension[0].valueString'),
    ],
    [
      'known, where it may not stand',
      { ...observation, extension: [{ url: race, extension: [{ url: 'code', valueCodeableConcept: { text: 'x' } }] }] },
      wrong('Observation.extension[0]'),
    ],
  ])('%s', async (_name, resource, expected) => {
    expect(await faults(resource, [])).toEqual(expected);
  });

  it('a slice by its profile, with a type that it must have', async () => {
    const url = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';
    const elements = [
      {
        id: 'Patient.birthDate.extension:time',
        sliceName: 'time',
        min: 1,
        type: [{ code: 'Extension', profile: [url] }],
      },
    ];
    const time = { url, valueDateTime: '2000-05-05T10:00:00Z' };
    expect(await faults({ ...patient, _birthDate: { extension: [time] } }, elements)).toEqual([]);
    expect(await faults(patient, elements)).toEqual(wrong('Patient.birthDate'));
  });
});

describe('references', () => {
  const performed = (performer: JsonObject, more: JsonObject = {}) => ({
    ...observation,
    performer: [performer],
    ...more,
  });

  it.each<[string, JsonObject, string[]]>([
    ['to a type that is allowed', performed({ reference: 'Patient/1' }), []],
    ['on another server', performed({ reference: 'http://other.example/fhir/Patient/1' }), []],
    ['to another type', performed({ reference: 'Medication/1' }), wrong('Observation.performer[0]')],
    ['of unknown type', performed({ reference: 'urn:uuid:0a6a1a6e-0000-4000-8000-000000000000' }), []],
    [
      'to what is contained',
      performed({ reference: '#m' }, { contained: [{ resourceType: 'Medication', id: 'm' }] }),
      wrong('Observation.performer[0]'),
    ],
  ])('%s', async (_name, resource, expected) => {
    expect(await faults(resource, [])).toEqual(expected);
  });

  it('to what must be contained, and must conform to a profile', async () => {
    const other = profileOf('Practitioner', [{ id: 'Practitioner.active', min: 1 }], {
      url: 'http://test.example/target',
    });
    const elements = [
      {
        id: 'Observation.performer',
        type: [{ code: 'Reference', targetProfile: ['http://test.example/target'], aggregation: ['contained'] }],
      },
    ];
    const contained = (more: JsonObject) =>
      performed({ reference: '#p' }, { contained: [{ resourceType: 'Practitioner', id: 'p', ...more }] });
    const known = { profiles: [other] };
    expect(await faults(contained({ active: true }), elements, known)).toEqual([]);
    expect(await faults(contained({}), elements, known)).toEqual(wrong('Observation.performer[0]'));
    expect(await faults(performed({ reference: 'Practitioner/1' }), elements, known)).toEqual(
      wrong('Observation.performer[0]'),
    );
  });
});

describe('a profile of a profile', () => {
  it('demands what both demand', async () => {
    const base = profileOf('Patient', [{ id: 'Patient.gender', min: 1 }], { url: 'http://test.example/base' });
    const validation = testValidation({
      profiles: [
        base,
        profileOf('Patient', [{ id: 'Patient.name', min: 1 }], { baseDefinition: 'http://test.example/base' }),
      ],
    });
    const issues = await validation.issues(patient as Resource, [testProfile]);
    expect(issues).toHaveLength(2);
  });

  it('of itself is not known, and does not go round for ever', async () => {
    const validation = testValidation({ profiles: [profileOf('Patient', [], { baseDefinition: testProfile })] });
    expect((await validation.issues(patient as Resource, [testProfile])).map(({ code }) => code)).toEqual([
      'incomplete',
    ]);
  });
});
