import { describe, expect, it } from 'vitest';
import { readDeviceMapping } from './read-device-mapping.ts';

const values = [{ valueName: 'hr', valueExpression: '$.heartRate', required: 'true' }];
const jsonPath = {
  typeName: 'heartrate',
  typeMatchExpression: '$..[?(@heartRate)]',
  deviceIdExpression: '$.deviceId',
  timestampExpression: '$.endDate',
  values,
};

const collection = (...template: unknown[]) => JSON.stringify({ templateType: 'CollectionContent', template });
const problemsOf = (text: string) => readDeviceMapping(text).problems.map(({ message }) => message);
const one = (templateType: string, template: unknown) => problemsOf(collection({ templateType, template }));

describe('containers (2.1)', () => {
  it.each(['JsonPathContent', 'jsonpathcontenttemplate', 'JSONPATHCONTENT'])('%s is a template type', (type) =>
    expect(one(type, jsonPath)).toEqual([]),
  );
  it('long names of the quickstart are taken, comments too', () =>
    expect(
      problemsOf(`{ "templateType": "CollectionContentTemplate", // all of them
        "template": [{ "templateType": "IotJsonPathContentTemplate", "template": { "typeName": "a", "typeMatchExpression": "$..[?(@Body.a)]" } }] }`),
    ).toEqual([]));
  it('an unknown type', () =>
    expect(one('Other', {})).toEqual([expect.stringMatching(/^No match found for template type 'Other'/)]));
  it('other members of a container are ignored, those of the template are not', () => {
    expect(problemsOf(collection({ templateType: 'JsonPathContent', template: jsonPath, note: 1 }))).toEqual([]);
    expect(one('JsonPathContent', { ...jsonPath, typName: 1 })).toEqual([
      "Could not find member 'typName' on the object.",
    ]);
    expect(one('JsonPathContent', { ...jsonPath, values: [{ ...values[0], vlue: 1 }] })).toEqual([
      "Could not find member 'vlue' on the object.",
    ]);
  });
  it('names of members in any case', () =>
    expect(
      one(
        'JsonPathContent',
        Object.fromEntries(Object.entries(jsonPath).map(([name, value]) => [name.toUpperCase(), value])),
      ),
    ).toEqual([]));
  it('an empty collection is valid, a text in its place is not', () => {
    expect(problemsOf('{"templateType":"collectionContent","template":[]}')).toEqual([]);
    expect(problemsOf('{"templateType":"","template":""}')).toHaveLength(1);
    expect(problemsOf('[]')).toHaveLength(1);
    expect(problemsOf('{')).toHaveLength(1);
  });
});

describe('properties of each type (2.2)', () => {
  const missing = (name: string) => `Required property '${name}' not found in JSON.`;
  it.each([
    ['JsonPathContent', ['TypeName', 'TypeMatchExpression', 'DeviceIdExpression', 'TimestampExpression']],
    ['IotJsonPathContent', ['TypeName', 'TypeMatchExpression']],
    ['IotCentralJsonPathContent', ['TypeName', 'TypeMatchExpression']],
    ['CalculatedContent', ['TypeName', 'TypeMatchExpression', 'DeviceIdExpression', 'TimestampExpression']],
  ])('%s requires %j', (type, names) => expect(one(type, {})).toEqual(names.map(missing)));

  it('expressions as objects and a default language are for CalculatedContent only', () => {
    const object = { value: 'matchedToken.device', language: 'jmespath' };
    expect(one('CalculatedContent', { ...jsonPath, deviceIdExpression: object })).toEqual([]);
    expect(one('JsonPathContent', { ...jsonPath, deviceIdExpression: object })).toEqual([
      "'deviceIdExpression' must be a text.",
    ]);
    expect(one('JsonPathContent', { ...jsonPath, defaultExpressionLanguage: 'JmesPath' })).toHaveLength(1);
    expect(one('CalculatedContent', { ...jsonPath, defaultExpressionLanguage: 'Lua' })).toHaveLength(1);
    expect(one('CalculatedContent', { ...jsonPath, deviceIdExpression: { language: 'JsonPath' } })).toEqual([
      missing('Value'),
    ]);
  });
});

it('all mistakes at once, with line and column; the valid templates stay', () => {
  const { mapping, problems } = readDeviceMapping(`{ "templateType": "CollectionContent", "template": [
  { "templateType": "JsonPathContent", "template": ${JSON.stringify(jsonPath)} },
  { "templateType": "JsonPathContent", "template": {
    "typeName": "a", "typeMatchExpression": "$..[?(@a",
    "deviceIdExpression": "$.d", "timestampExpression": "$.t", "other": 1 } },
  { "templateType": "CalculatedContent", "template": {
    "typeName": "b", "typeMatchExpression": { "value": "nope(@)", "language": "JmesPath" },
    "deviceIdExpression": "$.d", "timestampExpression": "$.t" } }
] }`);
  expect(problems).toEqual([
    { level: 'error', line: 5, column: 64, message: "Could not find member 'other' on the object." },
    { level: 'error', line: 4, column: 45, message: expect.stringContaining('A path ends within a filter.') },
    { level: 'error', line: 7, column: 56, message: expect.stringContaining('There is no function nope.') },
  ]);
  expect(mapping.templates.map(({ typeName }) => typeName)).toEqual(['heartrate']);
});
