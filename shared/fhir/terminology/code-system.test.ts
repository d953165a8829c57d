import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { compileCodeSystem } from './code-system.ts';
import { openTerminology } from './open-terminology.ts';
import type { CodeSystemResource } from './resources.ts';

const animals: CodeSystemResource = {
  resourceType: 'CodeSystem',
  url: 'urn:animals',
  status: 'active',
  content: 'complete',
  concept: [
    { code: 'animal', concept: [{ code: 'bird' }, { code: 'mammal', concept: [{ code: 'bat' }] }] },
    { code: 'flyer', property: [{ code: 'child', valueCode: 'bat' }] },
    { code: 'penguin', property: [{ code: 'parent', valueCode: 'bird' }] },
  ],
};

describe('a code system', () => {
  it('has above a concept what nests it, what it names as parent and what names it as child', () => {
    const system = compileCodeSystem(animals);
    expect(system.ancestors('bat')).toEqual(['bat', 'mammal', 'flyer', 'animal']);
    expect(system.descendants('animal')).toEqual(['animal', 'bird', 'mammal', 'penguin', 'bat']);
    expect(system.ancestors('none')).toEqual([]);
  });

  it('goes by the url of a property that has another code', () => {
    const uri = 'http://hl7.org/fhir/concept-properties#parent';
    const property = [{ code: 'broader', uri, type: 'code' }];
    const concept = [{ code: 'a' }, { code: 'b', property: [{ code: 'broader', valueCode: 'a' }] }];
    expect(compileCodeSystem({ ...animals, property, concept }).ancestors('b')).toEqual(['b', 'a']);
  });

  it('has no hierarchy of meanings where its own is one of parts or of groups', () => {
    for (const hierarchyMeaning of ['part-of', 'grouped-by']) {
      expect(compileCodeSystem({ ...animals, hierarchyMeaning }).descendants('animal')).toEqual(['animal']);
    }
    expect(compileCodeSystem({ ...animals, hierarchyMeaning: 'is-a' }).descendants('mammal')).toEqual([
      'mammal',
      'bat',
    ]);
  });

  it('ends where concepts are above each other', () => {
    const parent = (valueCode: string) => [{ code: 'parent', valueCode }];
    const concept = ['a', 'b', 'c'].map((code, at) => ({ code, property: parent('bca'.charAt(at)) }));
    expect(
      compileCodeSystem({ ...animals, concept })
        .ancestors('a')
        .toSorted(),
    ).toEqual(['a', 'b', 'c']);
  });

  it('tells codes apart by case unless it says otherwise', () => {
    expect(compileCodeSystem(animals).has('BAT')).toBe(false);
    const system = compileCodeSystem({ ...animals, caseSensitive: false });
    expect(system.concept('BAT')?.code).toBe('bat');
    expect(system.ancestors('Bat')).toContain('mammal');
  });

  it('that is a fragment does not know whether it has other codes', () => {
    const system = compileCodeSystem({ ...animals, content: 'fragment' });
    expect([system.complete, system.has('bat'), system.has('dog')]).toEqual([false, true, undefined]);
  });

  it('takes designations and properties from its supplements, and no codes', () => {
    const supplement: CodeSystemResource = {
      resourceType: 'CodeSystem',
      url: 'urn:animals:de',
      content: 'supplement',
      supplements: 'urn:animals',
      concept: [
        {
          code: 'bat',
          designation: [{ language: 'de', value: 'Fledermaus' }],
          property: [{ code: 'wings', valueInteger: 2 }],
        },
        { code: 'dog', designation: [{ language: 'de', value: 'Hund' }] },
      ],
    };
    const system = compileCodeSystem(animals, [supplement]);
    expect(system.concept('bat')?.designations).toEqual([{ language: 'de', value: 'Fledermaus' }]);
    expect(system.properties.has('wings')).toBe(true);
    expect(system.has('dog')).toBe(false);
  });

  it('of 100,000 concepts, a thousand deep or all below one, is compiled and walked in moments', () => {
    const flat = Array.from({ length: 100_000 }, (_, at) => ({
      code: `c${at}`,
      ...(at > 0 && { property: [{ code: 'parent', valueCode: at < 1000 ? `c${at - 1}` : 'c0' }] }),
    }));
    const system = compileCodeSystem({ ...animals, concept: flat });
    expect(system.descendants('c0')).toHaveLength(100_000);
    const below = flat.map(({ code }) => ({ code, property: [{ code: 'child', valueCode: 'c0' }] }));
    expect(compileCodeSystem({ ...animals, concept: below }).ancestors('c0')).toHaveLength(100_000);
    expect(system.ancestors('c999')).toHaveLength(1000);
  });
});

describe("R4's code systems", () => {
  const terminology = openTerminology(loadDefinitions());

  it('have the deep hierarchy of v3 ActCode, where a concept has several parents', async () => {
    const actCode = await terminology.codeSystem('http://terminology.hl7.org/CodeSystem/v3-ActCode');
    expect(actCode?.ancestors('COMPLY')).toEqual(expect.arrayContaining(['VALIDAT', 'ISSUE', '_ObservationType']));
    expect(actCode?.concept('COMPLY')?.parents.map(({ code }) => code)).toEqual([
      'VALIDAT',
      '_AdministrationDetectedIssueCode',
    ]);
    expect(actCode?.descendants('_ActAccountCode')).toHaveLength(10);
  });

  it.each([
    ['http://hl7.org/fhir/administrative-gender', 'male', true],
    ['http://hl7.org/fhir/administrative-gender', 'Male', false],
    ['http://hl7.org/fhir/administrative-gender|4.0.1', 'male', true],
    ['http://terminology.hl7.org/CodeSystem/service-type', 'none', undefined],
    ['http://terminology.hl7.org/CodeSystem/v2-0360|2.7', 'AA', true],
    ['http://snomed.info/sct', '138875005', undefined],
    ['http://unitsofmeasure.org', 'mm[Hg]', true],
    ['http://unitsofmeasure.org', 'mmHg', false],
    ['urn:ietf:bcp:13', 'application/hl7-v3+xml; charset="utf-8"', true],
    ['urn:ietf:bcp:13', 'application/signature+xml;canonicalization=http://hl7.org/fhir/canonicalization/xml', true],
    ['urn:ietf:bcp:13', 'application/dicom; variant=DICOM QIDO-RS', true],
    ['urn:ietf:bcp:13', 'application/dicom; variant=', false],
    ['urn:ietf:bcp:13', 'application/dicom; variant="a', false],
    ['urn:ietf:bcp:13', 'jpeg', false],
    ['urn:ietf:bcp:47', 'zh-Hant-TW', true],
    ['urn:ietf:bcp:47', 'xx', undefined],
    ['urn:ietf:bcp:47', 'not a language', false],
    ['urn:iso:std:iso:3166', 'CH', true],
    ['urn:iso:std:iso:3166', 'XX', false],
    ['urn:iso:std:iso:3166', 'CHE', undefined],
    ['urn:iso:std:iso:3166', 'Switzerland', false],
    ['urn:iso:std:iso:4217', 'CHF', true],
    ['urn:iso:std:iso:4217', 'XYZ', false],
  ])('%s has %s: %s', async (url, code, has) => {
    const system = await terminology.codeSystem(url);
    expect(system?.has(code)).toBe(has);
  });

  it('are not known in a version that R4 has not, or by another name', async () => {
    expect(await terminology.codeSystem('http://hl7.org/fhir/administrative-gender|3.0.0')).toBeUndefined();
    expect(await terminology.codeSystem('http://loinc.org')).toBeUndefined();
    expect(await terminology.codeSystem('__proto__')).toBeUndefined();
  });

  it('that have a grammar do not read a text without bounds', async () => {
    for (const url of ['http://unitsofmeasure.org', 'urn:ietf:bcp:13', 'urn:ietf:bcp:47']) {
      expect((await terminology.codeSystem(url))?.has('('.repeat(100_000))).toBe(false);
    }
  });

  it('tell the parts of a language tag', async () => {
    const system = 'urn:ietf:bcp:47';
    const filter = ['ext-lang', 'script', 'variant', 'extension', 'private-use'].map((property) => ({
      property,
      op: 'exists',
      value: 'false',
    }));
    const compose = { include: [{ system, filter }] };
    const simple = await terminology.compile({
      resourceType: 'ValueSet',
      url: 'urn:simple',
      status: 'active',
      compose,
    });
    const tags = ['en', 'en-US', 'es-419', 'zh-Hant', 'zh-yue', 'de-CH-1996', 'en-x-mine', 'en-u-ca-gregory', 'no tag'];
    expect(tags.filter((tag) => simple.has(system, tag))).toEqual(['en', 'en-US', 'es-419']);
  });

  it('tell what a unit measures', async () => {
    const units = await terminology.valueSet('http://hl7.org/fhir/ValueSet/all-time-units');
    expect([units?.has('http://unitsofmeasure.org', 'h'), units?.has('http://unitsofmeasure.org', 'kg')]).toEqual([
      true,
      false,
    ]);
  });
});
