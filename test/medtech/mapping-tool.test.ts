/** The mapping tool over HTTP: POST /medtech/$validate-mapping and /medtech/$trace. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sample = (name: string) => readFileSync(path.join(root, 'local/medtech/mappings', name), 'utf8');
const [deviceMapping, fhirMapping] = [sample('device.json'), sample('fhir.json')];

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

async function post(operation: string, body: unknown, type = 'application/json') {
  const response = await fetch(`${server.url}/medtech/${operation}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
}

const reading = { deviceId: 'd', patientId: 'p', time: '2026-01-01T10:00:00Z' };

describe('$validate-mapping', () => {
  it('mappings without mistakes, as texts or as JSON', async () => {
    const valid = { TemplateResult: { Exceptions: [] }, DeviceResults: [] };
    expect((await post('$validate-mapping', { deviceMapping, fhirMapping })).json).toEqual(valid);
    const asJson = { deviceMapping: JSON.parse(deviceMapping), fhirMapping: JSON.parse(fhirMapping) };
    expect((await post('$validate-mapping', asJson)).json).toEqual(valid);
  });

  it('mistakes and warnings, in the shape of AHDS', async () => {
    const broken = fhirMapping.replace('"codes"', '"code"');
    const { status, json } = await post('$validate-mapping', { deviceMapping, fhirMapping: broken });
    expect(status).toBe(200);
    expect(json.TemplateResult.Exceptions).toContainEqual({
      Message: "Could not find member 'code' on the object.",
      Level: 'ERROR',
      Category: 'FHIRTRANSFORMATION',
      LineInfo: { LineNumber: 9, LinePosition: 9 },
    });
    const renamed = fhirMapping.replace('"typeName": "weight"', '"typeName": "mass"');
    expect(
      (await post('$validate-mapping', { deviceMapping, fhirMapping: renamed })).json.TemplateResult.Exceptions,
    ).toEqual([expect.objectContaining({ Level: 'WARN', Category: 'NORMALIZATION' })]);
  });
});

describe('$trace', () => {
  it('what each template makes of an event, its measurements and Observations; numbers keep their kinds', async () => {
    const body = `{"deviceMapping":${JSON.stringify(deviceMapping)},"fhirMapping":${JSON.stringify(fhirMapping)},
      "events":[{"Body":{"deviceId":"d","patientId":"p","time":"2026-01-01T10:00:00Z","weight":70.0}}]}`;
    const { json, text } = await post('$trace', body);
    expect(text).toContain('"weight":70.0');
    const [result] = json.DeviceResults;
    expect(result).toMatchObject({
      Measurements: [{ type: 'weight', deviceId: 'd', patientId: 'p', properties: [{ name: 'kg', value: '70' }] }],
      Observations: [{ valueQuantity: { value: 70, code: 'kg' } }],
      Exceptions: [],
      Templates: [
        { TypeName: 'heartrate', Outcome: 'no-match', Reason: expect.stringContaining('heartRate'), Matches: 0 },
        { TypeName: 'bloodpressure', Outcome: 'no-match' },
        { TypeName: 'weight', Outcome: 'matched', Matches: 1 },
      ],
    });
  });

  it('an event that fails, one that matches nothing, readings of one second', async () => {
    const events = [
      { ...reading, weight: 70, time: 'never' },
      { other: 1 },
      { ...reading, weight: 70, time: '2026-01-01T10:00:00.1Z' },
      { ...reading, weight: 71, time: '2026-01-01T10:00:00.2Z' },
    ];
    const { json } = await post('$trace', { deviceMapping, fhirMapping, events });
    expect(
      json.DeviceResults.map((each: { Exceptions: { Level: string }[] }) => each.Exceptions.map(({ Level }) => Level)),
    ).toEqual([['ERROR'], ['WARN'], [], []]);
    expect(json.TemplateResult.Exceptions).toEqual([
      expect.objectContaining({ Level: 'WARN', Message: expect.stringContaining('same second') }),
    ]);
    const aggregated = await post('$trace', {
      deviceMapping,
      fhirMapping,
      events: [...events, { another: 1 }],
      aggregate: true,
    });
    expect(aggregated.json.DeviceResults.map((each: { AggregatedCount: number }) => each.AggregatedCount)).toEqual([
      1, 2,
    ]);
  });

  it('with mistakes in the mappings no event is run', async () => {
    const { json } = await post('$trace', { deviceMapping: '{', events: [reading] });
    expect([json.TemplateResult.Exceptions.length, json.DeviceResults]).toEqual([1, []]);
  });
});

describe('bad requests', () => {
  it.each([
    ['another media type', '{}', 'text/plain', 415],
    ['no JSON', '{"a"', 'application/json', 400],
    ['no object', '[]', 'application/json', 400],
    ['no mapping', '{"events":[]}', 'application/json', 400],
    ['a mapping that is a number', '{"deviceMapping":1}', 'application/json', 400],
    ['events that are no list', '{"deviceMapping":"{}","events":{}}', 'application/json', 400],
    ['1,001 events', JSON.stringify({ deviceMapping: '{}', events: new Array(1001).fill(1) }), 'application/json', 400],
    ['a mapping of 5 MB', JSON.stringify({ deviceMapping: ' '.repeat(5e6) }), 'application/json', 400],
    ['a body of 11 MB', JSON.stringify({ deviceMapping: ' '.repeat(11e6) }), 'application/json', 413],
    ['nesting of 10,000', `{"events":${'['.repeat(10_000)}`, 'application/json', 400],
  ])('%s', async (_name, body, type, status) => {
    const answer = await post('$trace', body, type);
    expect([answer.status, typeof answer.json.error.message]).toEqual([status, 'string']);
  });

  it('a mapping of mistakes only', async () => {
    const members = Array.from({ length: 20_000 }, (_, index) => `"x${index}":\n1`).join(',');
    const text = `{"templateType":"CollectionContent","template":[{"templateType":"JsonPathContent","template":{${members}}}]}`;
    const { json } = await post('$validate-mapping', { deviceMapping: text });
    expect(json.TemplateResult.Exceptions.at(-1).LineInfo).toEqual({ LineNumber: 20_000, LinePosition: 3 });
  });
});
