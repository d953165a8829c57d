import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService } from '../search/testing/test-service.ts';
import type { ConceptSet, PropertyFilter } from './resources.ts';
import type { ValueSet } from './value-set.ts';

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
  await test.put(animals, ...Array.from({ length: 40 }, (_, at) => importing(`chain${at}`, [`chain${at + 1}`])));
});
afterAll(() => test.close());

const animals = {
  resourceType: 'CodeSystem',
  id: 'animals',
  url: 'urn:animals',
  version: '2',
  status: 'active',
  content: 'complete',
  valueSet: 'urn:animals:all',
  property: [
    { code: 'legs', type: 'integer' },
    { code: 'diet', type: 'Coding' },
    { code: 'inactive', type: 'boolean' },
  ],
  concept: [
    {
      code: 'animal',
      display: 'Animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'bird',
          display: 'Bird',
          property: [{ code: 'legs', valueInteger: 2 }],
          concept: [
            { code: 'owl', display: 'Owl', property: [{ code: 'diet', valueCoding: { code: 'meat' } }] },
            { code: 'dodo', display: 'Dodo', property: [{ code: 'inactive', valueBoolean: true }] },
          ],
        },
        { code: 'cat', display: 'Cat', property: [{ code: 'legs', valueInteger: 4 }] },
      ],
    },
  ],
} satisfies Resource;

const set = (url: string, include: ConceptSet[], exclude?: ConceptSet[]) => ({
  resourceType: 'ValueSet',
  id: url.replace(/\W/g, '-'),
  url: `urn:set:${url}`,
  status: 'active',
  compose: { include, ...(exclude && { exclude }) },
});
const importing = (url: string, others: string[]) => set(url, [{ valueSet: others.map((one) => `urn:set:${one}`) }]);
const filtered = (property: string, op: string, value: string): ConceptSet => ({
  system: 'urn:animals',
  filter: [{ property, op, value } as PropertyFilter],
});

const compiled = (include: ConceptSet[], exclude?: ConceptSet[]) =>
  test.service.terminology.compile(set('sent', include, exclude));
const codes = (of: ValueSet | undefined) => of?.members().map(({ code }) => code);
const failure = (of: ValueSet | undefined) => {
  try {
    of?.members();
  } catch (error) {
    return error instanceof FhirError ? error.code : error;
  }
  return undefined;
};

describe('a filter', () => {
  it.each([
    ['concept', 'is-a', 'bird', 'bird owl dodo'],
    ['concept', 'descendent-of', 'bird', 'owl dodo'],
    ['concept', 'is-not-a', 'bird', 'cat'],
    ['concept', 'generalizes', 'owl', 'bird owl'],
    ['concept', 'in', 'owl, cat', 'owl cat'],
    ['concept', 'not-in', 'owl,cat', 'bird dodo'],
    ['code', 'regex', '[co].*', 'owl cat'],
    ['code', 'regex', '[co]', ''],
    ['display', 'regex', '(D|C).+', 'dodo cat'],
    ['code', '=', 'owl', 'owl'],
    ['legs', '=', '2', 'bird'],
    ['legs', 'exists', 'true', 'bird cat'],
    ['legs', 'exists', 'false', 'owl dodo'],
    ['legs', 'in', '1,2,3', 'bird'],
    ['diet', '=', 'meat', 'owl'],
    ['parent', '=', 'animal', 'bird cat'],
    ['child', '=', 'dodo', 'bird'],
    ['inactive', '=', 'true', 'dodo'],
    ['concept', 'is-a', 'none', ''],
  ])('%s %s %s', async (property, op, value, expected) => {
    const found = await compiled([filtered(property, op, value)]);
    expect(codes(found)?.join(' ')).toBe(expected);
    for (const code of ['bird', 'owl', 'dodo', 'cat', 'none']) {
      expect([code, found.has('urn:animals', code)]).toEqual([code, expected.split(' ').includes(code)]);
    }
  });

  it.each([
    ['colour', '=', 'red', 'not-supported'],
    ['legs', 'unknown', '2', 'not-supported'],
    ['code', 'regex', '(', 'invalid'],
    ['code', 'regex', '(?=a)b', 'invalid'],
    ['code', 'regex', 'a'.repeat(2000), 'too-costly'],
    ['code', 'regex', 'a{1000}b{1000}c{1000}', 'too-costly'],
  ])('that is not understood leaves the members unknown: %s %s %s', async (property, op, value, code) => {
    const found = await compiled([filtered(property, op, value.slice(0, 2000))]);
    expect([failure(found), found.has('urn:animals', 'owl'), found.has('urn:other', 'owl')]).toEqual([
      code,
      undefined,
      false,
    ]);
    expect(found.list()).toBeUndefined();
  });

  it('that backtracks in other engines takes no longer than others', async () => {
    const evil = { resourceType: 'CodeSystem', id: 'evil', url: 'urn:evil', status: 'active', content: 'complete' };
    const concept = Array.from({ length: 200 }, (_, at) => ({ code: `${'a'.repeat(500)}${at}` }));
    await test.put({ ...evil, concept });
    const filter = [{ property: 'code', op: 'regex', value: '(a+)+b' }];
    expect(codes(await compiled([{ system: 'urn:evil', filter }]))).toEqual([]);
  });
});

describe('a value set', () => {
  it('is the union of its includes less its excludes, each code once', async () => {
    const all = { system: 'urn:animals' };
    expect(codes(await compiled([filtered('code', '=', 'owl'), all]))).toEqual(['owl', 'bird', 'dodo', 'cat']);
    expect(codes(await compiled([all], [filtered('concept', 'is-a', 'bird')]))).toEqual(['cat']);
  });

  it('has within an include what its system and all its value sets have', async () => {
    await test.put(
      set('birds', [filtered('concept', 'is-a', 'bird')]),
      set('legs', [filtered('legs', 'exists', 'true')]),
    );
    const both = await compiled([{ valueSet: ['urn:set:birds', 'urn:set:legs'] }]);
    expect([codes(both), both.has('urn:animals', 'cat')]).toEqual([['bird'], false]);
    expect(codes(await compiled([{ ...filtered('code', 'in', 'owl,cat'), valueSet: ['urn:set:birds'] }]))).toEqual([
      'owl',
    ]);
    expect(codes(await compiled([{ valueSet: ['urn:set:birds'] }, { valueSet: ['urn:set:legs'] }]))).toEqual([
      'bird',
      'owl',
      'dodo',
      'cat',
    ]);
  });

  it('leaves out what only groups others, unless it is listed by name or asked for', async () => {
    const all = await compiled([{ system: 'urn:animals' }]);
    expect([all.has('urn:animals', 'animal'), all.has('urn:animals', 'animal', true)]).toEqual([false, true]);
    const listed = await compiled([{ system: 'urn:animals', concept: [{ code: 'animal', display: 'Beast' }] }]);
    expect(listed.members()).toEqual([
      { system: 'urn:animals', version: '2', code: 'animal', display: 'Beast', abstract: true },
    ]);
    expect(listed.has('urn:animals', 'animal')).toBe(true);
  });

  it('leaves inactive concepts out where it says so', async () => {
    const { compose } = set('', [{ system: 'urn:animals' }]);
    const resource = { ...set('active', []), compose: { ...compose, inactive: false } };
    expect(codes(await test.service.terminology.compile(resource))).toEqual(['bird', 'owl', 'cat']);
  });

  it('of a version that is not here is unknown', async () => {
    const found = await compiled([{ system: 'urn:animals', version: '1' }]);
    expect([failure(found), found.has('urn:animals', 'owl')]).toEqual(['not-found', undefined]);
    expect(codes(await compiled([{ system: 'urn:animals', version: '2' }]))).toHaveLength(4);
  });

  it('lists the codes of a system that is not here, and no others', async () => {
    const found = await compiled([{ system: 'urn:unknown', concept: [{ code: 'x' }] }]);
    expect([found.has('urn:unknown', 'x'), found.has('urn:unknown', 'y'), found.has(undefined, 'x')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('that imports itself by way of others is refused, and leaves its members unknown', async () => {
    await test.put(importing('a', ['b']), importing('b', ['c']), importing('c', ['a']));
    for (const url of ['urn:set:a', 'urn:set:b', 'urn:set:c']) {
      const found = await test.service.terminology.valueSet(url);
      expect([failure(found), found?.has('urn:animals', 'owl'), found?.list()]).toEqual([
        'invalid',
        undefined,
        undefined,
      ]);
    }
  });

  it('that imports too deep or too many others is refused', async () => {
    expect(failure(await test.service.terminology.valueSet('urn:set:chain0'))).toBe('too-costly');
    const many = Array.from({ length: 600 }, (_, at) => ({ valueSet: [`urn:set:none${at}`] }));
    await expect(compiled(many)).rejects.toMatchObject({ code: 'too-costly' });
  });

  it('of more than 20,000 codes is not listed, but can be tested and filtered', async () => {
    const concept = Array.from({ length: 100_000 }, (_, at) => ({ code: `c${at}`, display: `Number ${at}` }));
    await test.put({ ...animals, id: 'large', url: 'urn:large', valueSet: undefined as never, concept });
    const found = await compiled([{ system: 'urn:large' }]);
    expect([failure(found), found.list(), found.has('urn:large', 'c99999')]).toEqual(['too-costly', undefined, true]);
    expect(found.members(({ display }) => display === 'Number 77777').map(({ code }) => code)).toEqual(['c77777']);
  });
});

describe('what is stored', () => {
  it('comes before what R4 publishes, and counts from the commit on', async () => {
    const { terminology } = test.service;
    const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    const has = async () => (await terminology.valueSet(url))?.has('urn:animals', 'cat');
    expect(await has()).toBe(false);
    await test.put({ ...set('gender', [{ system: 'urn:animals' }]), id: 'gender', url });
    expect(await has()).toBe(true);
    await test.remove('ValueSet', 'gender');
    expect(await has()).toBe(false);
  });

  it('is made once for all who ask at the same time, and cycles do not wait for each other', async () => {
    const { terminology } = test.service;
    await test.put(set('crowd', [{ system: 'urn:animals' }]));
    const [one, other] = await Promise.all(['urn:set:crowd', 'urn:set:crowd'].map((url) => terminology.valueSet(url)));
    expect(one).toBe(other);
    await test.put(importing('round', ['trip']), importing('trip', ['round']));
    const both = await Promise.all(['urn:set:round', 'urn:set:trip'].map((url) => terminology.valueSet(url)));
    expect(both.map(failure)).toEqual(['invalid', 'invalid']);
  });

  it('takes the codes of its system as they are now', async () => {
    const url = 'urn:set:all-animals';
    await test.put(set('all-animals', [{ system: 'urn:animals' }]));
    const { terminology } = test.service;
    expect((await terminology.valueSet(url))?.has('urn:animals', 'dog')).toBe(false);
    await test.put({ ...animals, concept: [...animals.concept, { code: 'dog' }] });
    expect((await terminology.valueSet(url))?.has('urn:animals', 'dog')).toBe(true);
    await test.put(animals);
  });

  it('has the set of all codes that a code system names', async () => {
    expect(codes(await test.service.terminology.valueSet('urn:animals:all'))).toEqual(['bird', 'owl', 'dodo', 'cat']);
    expect(await test.service.terminology.valueSet('urn:animals:none')).toBeUndefined();
  });

  it('has the implicit sets of SNOMED CT and LOINC, once these are stored', async () => {
    const { terminology } = test.service;
    const snomed = 'http://snomed.info/sct';
    expect((await terminology.valueSet(`${snomed}?fhir_vs`))?.list()).toBeUndefined();
    const concept = [{ code: '138875005', concept: [{ code: '404684003', concept: [{ code: '64572001' }] }] }];
    await test.put({ ...animals, id: 'snomed', url: snomed, valueSet: undefined as never, concept });
    expect(codes(await terminology.valueSet(`${snomed}?fhir_vs`))).toHaveLength(3);
    expect(codes(await terminology.valueSet(`${snomed}?fhir_vs=isa/404684003`))).toEqual(['404684003', '64572001']);
    await test.put({ ...animals, id: 'loinc', url: 'http://loinc.org', valueSet: undefined as never });
    expect(codes(await terminology.valueSet('http://loinc.org/vs'))).toHaveLength(4);
    const findings = await terminology.valueSet('http://hl7.org/fhir/ValueSet/clinical-findings');
    expect([findings?.has(snomed, '64572001'), findings?.has(snomed, '138875005')]).toEqual([true, false]);
  });

  it('has the designations of its supplements', async () => {
    await test.put({
      resourceType: 'CodeSystem',
      id: 'animals-de',
      url: 'urn:animals:de',
      status: 'active',
      content: 'supplement',
      supplements: 'urn:animals|2',
      concept: [{ code: 'owl', designation: [{ language: 'de', value: 'Eule' }] }],
    });
    const animal = await test.service.terminology.codeSystem('urn:animals');
    expect(animal?.concept('owl')?.designations).toEqual([{ language: 'de', value: 'Eule' }]);
  });
});
