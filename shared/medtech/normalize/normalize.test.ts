import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import type { DeviceEvent } from '../device-event.ts';
import { readDeviceMapping } from '../device-mapping/read-device-mapping.ts';
import { readJson } from '../json/read-body.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { PlainText } from '../json/value.ts';
import type { Measurement } from '../measurement.ts';
import { type Normalized, normalize, normalizeEnvelope } from './normalize.ts';

const ticks = (iso: string, more = 0n) => BigInt(Date.parse(iso)) * 10_000n + more;
const ingestion = ticks('2026-01-01T00:00:00Z');

function mappingOf(...templates: [type: string, template: object][]) {
  const template = templates.map(([templateType, each]) => ({ templateType, template: each }));
  const { mapping, problems } = readDeviceMapping(JSON.stringify({ templateType: 'CollectionContent', template }));
  expect(problems).toEqual([]);
  return mapping;
}

const envelope = (body: unknown, properties: Record<string, JsonValue> = {}, system: Record<string, JsonValue> = {}) =>
  ({ Body: readJson(JSON.stringify(body)), Properties: properties, SystemProperties: system }) as JsonObject;

const heartRate = {
  typeName: 'heartrate',
  typeMatchExpression: '$..[?(@heartRate)]',
  deviceIdExpression: '$.deviceId',
  timestampExpression: '$.endDate',
  values: [{ valueName: 'hr', valueExpression: '$.heartRate', required: true }],
};
const reading = { heartRate: 78, deviceId: 'device123', endDate: '2019-02-01T22:46:01.8750001Z' };

const found = ({ measurements, error }: Normalized): { values: string[][]; error: string | undefined } => ({
  values: measurements.map(({ type, properties }) => [type, ...properties.map(({ value }) => value)]),
  error: error?.code,
});

describe('where expressions look (2.3)', () => {
  it('JsonPathContent: in the match; the steps of 100 ns are kept', () =>
    expect(normalizeEnvelope(mappingOf(['JsonPathContent', heartRate]), envelope(reading), ingestion)).toEqual({
      measurements: [
        {
          type: 'heartrate',
          occurrence: ticks('2019-02-01T22:46:01.875Z', 1n),
          ingestion,
          deviceId: 'device123',
          properties: [{ name: 'hr', value: '78' }],
        } satisfies Measurement,
      ],
    }));

  it('JsonPathContent: a path from the event finds nothing', () =>
    expect(
      found(
        normalizeEnvelope(
          mappingOf(['JsonPathContent', { ...heartRate, deviceIdExpression: '$.Body.deviceId' }]),
          envelope(reading),
          ingestion,
        ),
      ),
    ).toEqual({ values: [], error: 'NormalizationDataMappingException' }));

  const calculated = {
    ...heartRate,
    deviceIdExpression: '$.Body.deviceId',
    timestampExpression: '$.matchedToken.endDate',
    values: [
      { valueName: 'hr', valueExpression: { value: 'divide(matchedToken.heartRate, `5`)', language: 'JmesPath' } },
    ],
  };
  it('CalculatedContent: in the event with matchedToken', () =>
    expect(
      found(normalizeEnvelope(mappingOf(['CalculatedContent', calculated]), envelope(reading), ingestion)),
    ).toEqual({
      values: [['heartrate', '15']],
      error: undefined,
    }));
  it('CalculatedContent: a scan finds the body and the match, which is one too many', () =>
    expect(
      found(
        normalizeEnvelope(
          mappingOf([
            'CalculatedContent',
            { ...calculated, values: [{ valueName: 'hr', valueExpression: '$..heartRate' }] },
          ]),
          envelope(reading),
          ingestion,
        ),
      ),
    ).toEqual({ values: [], error: 'NormalizationDataMappingException' }));

  const iot = mappingOf([
    'IotJsonPathContent',
    {
      typeName: 'heartrate',
      typeMatchExpression: '$..[?(@Body.heartrate)]',
      deviceIdExpression: '$.ignored',
      values: [{ valueName: 'hr', valueExpression: '$.Body.heartrate', required: 'true' }],
    },
  ]);
  const hub = { 'iothub-connection-device-id': 'ev-1', 'iothub-enqueuedtime': '2019-02-01T22:46:01.875Z' };
  it.each([
    [
      { 'iothub-creation-time-utc': new PlainText('2019-01-30T22:45:02.6073744Z') },
      ticks('2019-01-30T22:45:02Z', 6073744n),
    ],
    [{}, ticks('2019-02-01T22:46:01.875Z')],
  ])("IotJsonPathContent: device and time are IoT Hub's (%#)", (properties, occurrence) =>
    expect(
      normalizeEnvelope(iot, envelope({ heartrate: '203' }, properties, hub), ingestion).measurements,
    ).toMatchObject([{ deviceId: 'ev-1', occurrence, properties: [{ name: 'hr', value: '203' }] }]),
  );
});

describe('missing fields (2.4)', () => {
  const run = (template: object, body: object) =>
    found(normalizeEnvelope(mappingOf(['JsonPathContent', { ...heartRate, ...template }]), envelope(body), ingestion));
  const optional = [{ valueName: 'hr', valueExpression: '$.heartRate' }];
  const failed = { values: [], error: 'NormalizationDataMappingException' };

  it.each<[string, object, object, ReturnType<typeof found>]>([
    ['a required value that is null', {}, { ...reading, heartRate: null }, failed],
    ['a required value that is blank', {}, { ...reading, heartRate: ' ' }, failed],
    [
      'an optional value that is null',
      { values: optional },
      { ...reading, heartRate: null },
      { values: [['heartrate']], error: undefined },
    ],
    [
      'an optional value that is an object',
      { values: optional },
      { ...reading, heartRate: {} },
      { values: [['heartrate']], error: undefined },
    ],
    ['no device', {}, { ...reading, deviceId: '' }, failed],
    ['no time', {}, { ...reading, endDate: undefined }, failed],
    ['a number as time', {}, { ...reading, endDate: 1549061161 }, failed],
    ['no correlation where it is asked for', { correlationIdExpression: '$.session' }, reading, failed],
    [
      'no patient where it is asked for',
      { patientIdExpression: '$.patient' },
      reading,
      { values: [['heartrate', '78']], error: undefined },
    ],
  ])('%s', (_, template, body, expected) => expect(run(template, body)).toEqual(expected));
});

describe('an event (1.3)', () => {
  const steps = {
    ...heartRate,
    typeName: 'steps',
    typeMatchExpression: '$..[?(@steps)]',
    values: [{ valueName: 's', valueExpression: '$.steps', required: true }],
  };

  it('goes through all templates, each match is a measurement, in their order', () => {
    const mapping = mappingOf(['JsonPathContent', steps], ['JsonPathContent', heartRate]);
    const body = [reading, { ...reading, heartRate: 80 }, { ...reading, steps: 5 }];
    expect(found(normalizeEnvelope(mapping, envelope(body), ingestion)).values).toEqual([
      ['steps', '5'],
      ['heartrate', '78'],
      ['heartrate', '80'],
      ['heartrate', '78'],
    ]);
  });

  it('a failure ends it; what was found before is kept', () => {
    const mapping = mappingOf(['JsonPathContent', heartRate], ['JsonPathContent', steps]);
    const body = [reading, { ...reading, endDate: 'never' }, { ...reading, steps: 5 }];
    expect(found(normalizeEnvelope(mapping, envelope(body), ingestion))).toEqual({
      values: [['heartrate', '78']],
      error: 'NormalizationDataMappingException',
    });
  });

  const event = (body: string): DeviceEvent => ({
    body: Buffer.from(body),
    properties: {},
    systemProperties: {},
    enqueued: ingestion,
    partitionId: '0',
    sequenceNumber: 0,
    offset: '0',
  });
  it('whose body is not JSON is an error, one without a match is none', () => {
    const mapping = mappingOf(['JsonPathContent', heartRate]);
    expect(found(normalize(mapping, event('not JSON')))).toEqual({ values: [], error: 'InvalidDataFormatException' });
    expect(found(normalize(mapping, event('{"other":1}')))).toEqual({ values: [], error: undefined });
    expect(found(normalize(mapping, event('')))).toEqual({ values: [], error: undefined });
    expect(found(normalize(mapping, event(JSON.stringify(reading)))).values).toEqual([['heartrate', '78']]);
  });
});

const data = sharedData('iomt-fhir-tests');
describe.skipIf(!data)('mappings and payloads of iomt-fhir', () => {
  const file = (name: string) =>
    readFileSync(path.join(data ?? '', 'Ingest.Template.UnitTests', `data_${name}.json`), 'utf8').replace(
      /^\uFEFF/,
      '',
    );
  const run = (mapping: string, payload: string) => {
    const { mapping: read, problems } = readDeviceMapping(mapping);
    expect(problems).toEqual([]);
    return normalizeEnvelope(read, readJson(payload) as JsonObject, ingestion);
  };

  it('documentation: heart rate', () =>
    expect(
      run(
        file('Documentation_CalculatedFunction_HeartRate_Template'),
        file('Documentation_CalculatedFunction_HeartRate_Payload'),
      ).measurements,
    ).toEqual([
      {
        type: 'heartrate',
        occurrence: ticks('2019-02-01T22:46:01.875Z'),
        ingestion,
        deviceId: 'device123',
        properties: [{ name: 'hr', value: '78' }],
      },
    ]));
  it('documentation: blood pressure', () =>
    expect(
      found(
        run(
          file('Documentation_CalculatedFunction_BloodPressure_Template'),
          file('Documentation_CalculatedFunction_BloodPressure_Payload'),
        ),
      ),
    ).toEqual({
      values: [['bloodpressure', '123', '87']],
      error: undefined,
    }));
  it('IoT Hub, with an optional patient', () => {
    const template = `{ "templateType": "CollectionContent", "template": [${file('IotJsonPathContentTemplateValidWithOptional')}] }`;
    expect(run(template, file('IotHubPayloadExample')).measurements).toMatchObject([
      {
        deviceId: 'ev-d795-1d04-55ae',
        occurrence: ticks('2019-01-30T22:45:02Z', 6073744n),
        properties: [{ value: '203' }],
      },
    ]);
  });
  it('IoT Central, several messages in one event: six measurements', () => {
    const { measurements, error } = run(
      file('CollectionContentTemplateMultipleIotCentralJsonPath'),
      file('IotCentralPayloadExampleMultipleMessages'),
    );
    expect(error).toBeUndefined();
    expect(
      measurements.map(({ type, deviceId, patientId, properties }) => [
        type,
        deviceId,
        patientId,
        ...properties.map(({ value }) => value),
      ]),
    ).toEqual([
      ['heartrate', '1qsi9p8t5l2', '1qsi9p8t5l2', '75'],
      ['heartrate', '1qsi9p8t5l2', '1qsi9p8t5l2', '69'],
      ['respiratoryrate', '1qsi9p8t5l2', '1qsi9p8t5l2', '15'],
      ['respiratoryrate', '1qsi9p8t5l2', '1qsi9p8t5l2', '15'],
      ['bloodpressure', '1qsi9p8t5l2', '1qsi9p8t5l2', '62', '30'],
      ['bloodpressure', '1qsi9p8t5l2', '1qsi9p8t5l2', '43', '34'],
    ]);
  });
  it('heart rate and steps in JSONPath and in JMESPath give the same', () => {
    const payload = JSON.stringify({ heartrate: '60', steps: 4, device: 'd', date: '2019-02-01T22:46:01Z' });
    expect(run(file('CollectionContentTemplateHrAndStepsJmesPath'), payload)).toEqual(
      run(file('CollectionContentTemplateHrAndSteps'), payload),
    );
  });
  it.each([
    ['CollectionContentTemplateMixedValidity', 1],
    ['CollectionContentTemplateInvalid', 3],
  ])('%s: %i required members are missing, and no more is wrong', (name, count) => {
    const { problems } = readDeviceMapping(file(name));
    expect(problems.map(({ message }) => message)).toEqual(
      Array.from({ length: count }, () => expect.stringMatching(/^Required property '\w+' not found in JSON\.$/)),
    );
  });
  it.each(['basic', 'healthkitOnFhir', 'sandbox'])('the sample mapping %s is valid', (name) => {
    const text = readFileSync(path.join(data ?? '', 'sample-templates', name, 'devicecontent.json'), 'utf8');
    expect(readDeviceMapping(text).problems).toEqual([]);
  });
});
