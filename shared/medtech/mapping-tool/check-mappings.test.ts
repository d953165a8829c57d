import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMappings } from './check-mappings.ts';

const samples = path.resolve(import.meta.dirname, '../../../local/medtech/mappings');
const sample = (name: string) => readFileSync(path.join(samples, name), 'utf8');

const template = (members: string) => `{ "templateType": "CollectionContent", "template": [
  { "templateType": "CalculatedContent", "template": {
    "typeName": "a", "typeMatchExpression": "$..[?(@a)]",
    "deviceIdExpression": "$.d", "timestampExpression": "$.t",
    ${members} } } ] }`;
const value = (expression: string) =>
  template(`"values": [{ "valueName": "v", "valueExpression": ${JSON.stringify(expression)} }]`);
const jmesPath = (text: string) => {
  const expression = JSON.stringify({ value: text, language: 'jmespath' });
  return template(`"values": [{ "valueName": "v", "valueExpression": ${expression} }]`);
};

const fhir = (...values: string[]) => `{ "templateType": "CollectionFhir", "template": [
  { "templateType": "CodeValueFhir", "template": { "typeName": "A", "codes": [], "periodInterval": 0, ${values.join(', ')} } } ] }`;
const quantity = (name: string) => `{ "valueType": "Quantity", "valueName": "${name}" }`;
const component = (name: string) => `{ "codes": [], "value": ${quantity(name)} }`;

const found = (device: string | undefined, fhirText?: string) =>
  checkMappings({ ...(device && { device }), ...(fhirText && { fhir: fhirText }) }).problems;

describe('two mappings against each other (2.7)', () => {
  it('the sample mappings have no mistakes', () => {
    const {
      problems,
      device,
      fhir: mapping,
    } = checkMappings({ device: sample('device.json'), fhir: sample('fhir.json') });
    expect(problems).toEqual([]);
    expect([device?.templates.length, mapping?.templates.size]).toEqual([3, 3]);
  });

  it('a type without a FHIR template, at its name', () => {
    const text = value('$.v').replace('"typeName": "a"', '"typeName": "b"');
    expect(found(text, fhir(`"value": ${quantity('v')}`))).toEqual([
      {
        mapping: 'device',
        level: 'warning',
        line: 3,
        column: 17,
        message: expect.stringContaining('no template of the type [b]'),
      },
    ]);
  });

  it('types are the same in any case, value names are not', () => {
    expect(found(value('$.v'), fhir(`"value": ${quantity('v')}`))).toEqual([]);
    expect(found(value('$.v'), fhir(`"value": ${quantity('V')}`))).toEqual([
      {
        mapping: 'device',
        level: 'warning',
        line: 5,
        column: 31,
        message: expect.stringContaining('does not use the value [v]. It uses: [V].'),
      },
    ]);
  });

  it('components use values, and so does value beside them', () => {
    expect(found(value('$.v'), fhir(`"components": [${component('x')}, ${component('v')}]`))).toEqual([]);
    expect(found(value('$.v'), fhir(`"value": ${quantity('v')}, "components": [${component('x')}]`))).toEqual([]);
    expect(found(value('$.v'), fhir(`"components": [${component('x')}]`))).toHaveLength(1);
  });

  it('where the FHIR mapping has a mistake it is not asked', () => {
    expect(found(value('$.v'), fhir('"typo": 1')).map(({ mapping, level }) => [mapping, level])).toEqual([
      ['fhir', 'error'],
    ]);
  });

  it('one alone is enough; errors of both are told, in the order of their places', () => {
    expect(found(undefined, fhir())).toEqual([]);
    const { problems, device } = checkMappings({ device: template('"x": 1, "y": 2'), fhir: '[' });
    expect(problems.map(({ mapping, column }) => [mapping, column])).toEqual([
      ['device', 5],
      ['device', 13],
      ['fhir', 2],
    ]);
    expect(device).toBeUndefined();
  });
});

describe('whole numbers (2.6)', () => {
  it.each([
    'divide(Body.a, Body.b)',
    'divide(Body.a, `60`)',
    'add(`1.0`, divide(to_number(Body.a), `7`))',
    'Body.list[?divide(a, `2`) > `1`] | [0]',
    'pow(Body.a, `2`)',
    'map(&divide(a, `2`), Body.list)',
    'divide(abs(Body.a), length(Body.list))',
  ])('%s may lose a fraction', (text) =>
    expect(found(jmesPath(text))).toEqual([
      {
        mapping: 'device',
        level: 'warning',
        line: 5,
        column: expect.any(Number),
        message: expect.stringMatching(/^(divide|pow)\(\) of two whole/),
      },
    ]),
  );
  it.each([
    'divide(Body.a, `60.0`)',
    'divide(multiply(Body.a, `1.0`), Body.b)',
    'divide(avg(Body.list), `2`)',
    'pow(Body.a, `0.5`)',
    'multiply(Body.a, `2`)',
    "starts_with('divide(a, b)', Body.a)",
  ])('%s does not', (text) => expect(found(jmesPath(text))).toEqual([]));
  it('in JSONPath there is no division', () => expect(found(value('$.divide'))).toEqual([]));
});
