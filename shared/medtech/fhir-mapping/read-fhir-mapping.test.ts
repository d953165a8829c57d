import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { templateOf } from './fhir-mapping.ts';
import { readFhirMapping } from './read-fhir-mapping.ts';

const collection = (...templates: string[]) =>
  `{ "templateType": "CollectionFhir", "template": [\n${templates.map((each) => `{ "templateType": "CodeValueFhir", "template": ${each} }`).join(',\n')}\n] }`;
const problemsOf = (text: string) =>
  readFhirMapping(text).problems.map(({ message, level, line, column }) => `${level} ${line}:${column} ${message}`);

describe('a FHIR mapping', () => {
  it('is read with names and types in any case, comments, and long names', () => {
    const { mapping, problems } = readFhirMapping(`{
      // Newtonsoft takes comments.
      "TemplateType": "collectionfhirTEMPLATE", "Template": [ { templateType: 'CodeValueFhirTemplate', "template": {
        "TypeName": "HeartRate", "PeriodInterval": "Hourly", "codes": [ { "code": 8867, "system": "http://loinc.org" } ],
        "category": [ { "text": "Vital", "codes": [] } ],
        "value": { "valueName": "hr", "valueType": "quantity", "unit": "bpm", "whatever": 1 },
        "components": [ { "codes": [], "value": { "valueName": "d", "valueType": "SampledData", "defaultPeriod": "1000.5" } } ],
      } } ] }`);
    expect(problems).toEqual([]);
    expect(templateOf(mapping, 'HEARTRATE')).toEqual({
      typeName: 'HeartRate',
      periodInterval: 60,
      codes: [{ code: '8867', system: 'http://loinc.org' }],
      category: [{ text: 'Vital', codes: [] }],
      value: { type: 'Quantity', name: 'hr', unit: 'bpm' },
      components: [{ codes: [], value: { type: 'SampledData', name: 'd', periodMs: 1000.5 } }],
    });
  });

  it('has all its mistakes told at once, with their lines and columns; what is valid is there', () => {
    const text = collection(
      '{ "typeName": "a", "codes": [], "valeu": {} }',
      '{ "codes": [ { "cod": "1" }, 5 ], "periodInterval": 1.5 }',
      '{ "typeName": "b", "codes": [] }',
      '{ "typeName": "B", "codes": [] }',
      '{ "typeName": "c", "value": { "valueType": "Boolean" }, "components": [ { "codes": {} } ] }',
      '[]',
    );
    expect(problemsOf(text)).toEqual([
      "error 2:80 Could not find member 'valeu' on the object.",
      "error 3:48 Required property 'TypeName' not found in JSON.",
      "error 3:100 'periodInterval' must be a whole number.",
      "error 3:77 'codes' may hold objects only.",
      "error 3:63 Could not find member 'cod' on the object.",
      "error 5:62 Duplicate template defined for type name: 'B'.",
      "error 6:48 Required property 'Codes' not found in JSON.",
      "error 6:76 Required property 'ValueName' not found in JSON.",
      "error 6:91 No match found for value type 'Boolean': it must be SampledData, Quantity, String, CodeableConcept.",
      "error 6:131 'codes' must be an array.",
      "error 6:120 Required property 'Value' not found in JSON.",
      "error 7:48 'template' must be an object.",
    ]);
    expect([...readFhirMapping(text).mapping.templates.keys()]).toEqual(['b']);
  });

  it.each([
    ['{', /^error 1:2 /],
    ['[]', /^error 1:1 A mapping is an object/],
    ['{}', /^error 1:1 Required property 'TemplateType' not found/],
    [
      '{"templateType":"CollectionContent","template":[]}',
      /^error 1:17 No match found for template type 'CollectionContent'/,
    ],
    ['{"templateType":"CollectionFhir"}', /^error 1:1 Required property 'Template' not found/],
    ['{"templateType":"CollectionFhir","template":{}}', /^error 1:45 'template' must be an array/],
  ])('%s is none', (text, message) => expect(problemsOf(text)[0]).toMatch(message));

  it('is warned of what fails on every measurement only, and stays usable', () => {
    const text = collection(
      '{ "typeName": "a", "codes": [], "periodInterval": 15 }',
      '{ "typeName": "b", "codes": [], "value": { "valueName": "v", "valueType": "SampledData" } }',
      '{ "typeName": "c", "codes": [], "value": { "valueName": "v", "valueType": "CodeableConcept" } }',
      '{ "typeName": "d", "codes": [], "periodInterval": 60, "value": { "valueName": "v", "valueType": "SampledData", "defaultPeriod": 1 } }',
    );
    const { mapping, problems } = readFhirMapping(text);
    expect(problems.map(({ level, line }) => [level, line])).toEqual([2, 3, 4, 5].map((line) => ['warning', line]));
    expect(mapping.templates.size).toBe(4);
  });

  it('a period of samples must be more than 0', () => {
    const value = '"value": { "valueName": "v", "valueType": "SampledData", "defaultPeriod": 0 }';
    expect(problemsOf(collection(`{ "typeName": "a", "codes": [], ${value} }`))[0]).toContain('more than 0');
  });

  it('whatever the file is, there are problems with places or a mapping', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(400), (json, cut) => {
        const whole = collection(json);
        for (const text of [json, whole, whole.slice(0, cut)]) {
          const { mapping, problems } = readFhirMapping(text);
          if (mapping.templates.size === 0) expect(problems.length).toBeGreaterThan(0);
          for (const { line, column } of problems)
            expect([line, column]).toEqual([expect.any(Number), expect.any(Number)]);
        }
      }),
    );
  });
});

const folder = sharedData('iomt-fhir-tests');

describe.skipIf(!folder)('the mappings of iomt-fhir', () => {
  const text = (name: string) => readFileSync(path.join(folder as string, name), 'utf8').replace(/^\uFEFF/, '');
  const files = folder ? readdirSync(folder, { recursive: true }).map(String) : [];
  const named = (pattern: RegExp) => files.filter((file) => pattern.test(file));

  it.each([...named(/sample-templates.*fhirmapping\.json$/), ...named(/data_CollectionFhirTemplateValid\.json$/)])(
    '%s is valid',
    (name) => {
      const { mapping, problems } = readFhirMapping(text(name));
      expect(problems).toEqual([]);
      const { template } = JSON.parse(text(name)) as { template: unknown[] };
      expect(mapping.templates.size).toBe(template.length);
    },
  );

  it.each([
    ['CodeValueFhirTemplateInvalid_MissingCodeField', 'Codes'],
    ['CodeValueFhirTemplateInvalid_MissingFields', 'TypeName'],
  ])('a template of %s lacks %s', (name, property) => {
    const [file] = named(new RegExp(`Template.UnitTests/data_${name}\\.json$`));
    const { template } = JSON.parse(text(file as string)) as { template: unknown };
    expect(problemsOf(collection(JSON.stringify(template)))).toEqual([
      expect.stringContaining(`Required property '${property}' not found in JSON.`),
    ]);
  });

  it.each([['CollectionFhirTemplateEmpty'], ['InvalidCollectionFhirTemplateWithNoTemplateArray']])(
    '%s is invalid',
    (name) => {
      const [file] = named(new RegExp(`data_${name}\\.json$`));
      expect(problemsOf(text(file as string))[0]).toMatch(/^error/);
    },
  );
});
