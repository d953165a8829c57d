import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { readDeviceMapping } from '../device-mapping/read-device-mapping.ts';
import { readJson } from '../json/read-body.ts';
import type { JsonObject } from '../json/value.ts';
import { normalizeEnvelope } from '../normalize/normalize.ts';
import { absentNames } from './absent-names.ts';
import { readSampleEvents } from './sample-events.ts';
import { traceEvent } from './trace-event.ts';

const mappingText = (...templates: object[]) =>
  JSON.stringify({
    templateType: 'CollectionContent',
    template: templates.map((template) => ({ templateType: 'JsonPathContent', template })),
  });
const template = (typeName: string, typeMatchExpression: string, required = false) => ({
  typeName,
  typeMatchExpression,
  deviceIdExpression: '$.d',
  timestampExpression: '$.t',
  values: [{ valueName: 'v', valueExpression: '$.v', required }],
});
const { mapping } = readDeviceMapping(
  mappingText(
    template('absent', '$..[?(@Heart)]'),
    template('found', '$..[?(@d)]'),
    template('bad', '$..[?(@d)]', true),
    template('late', '$..[?(@d)]'),
  ),
);

function trace(body: string) {
  const envelope = { Body: readJson(body), Properties: {}, SystemProperties: {} };
  return traceEvent(mapping, ['$..[?(@Heart)]'], envelope, 0n);
}

describe('what each template makes of an event', () => {
  it('a match, what it lacks, and why others do not', () => {
    const { templates, measurements, error } = trace('{"d":"1","t":"2026-01-01T00:00:00Z","heart":1}');
    expect(templates).toEqual([
      {
        typeName: 'absent',
        outcome: 'no-match',
        reason: 'typeMatchExpression finds nothing. The event has no member Heart, but heart.',
        measurements: [],
        missingValues: [],
      },
      {
        typeName: 'found',
        outcome: 'matched',
        measurements: [expect.objectContaining({ deviceId: '1' })],
        missingValues: ['v'],
      },
      {
        typeName: 'bad',
        outcome: 'failed',
        reason: expect.stringContaining('value v'),
        measurements: [],
        missingValues: [],
      },
      { typeName: 'late', outcome: 'not-reached', measurements: [], missingValues: [] },
    ]);
    expect([measurements.length, error?.code]).toEqual([1, 'NormalizationDataMappingException']);
  });

  const folder = sharedData('iomt-fhir-tests');
  it.skipIf(!folder)('is what the pipeline makes of it, for all mappings and events of iomt-fhir', () => {
    const files = readdirSync(folder ?? '', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    );
    const texts = files.map((file) => readFileSync(path.join(folder ?? '', file), 'utf8'));
    const mappings = texts
      .map((text) => readDeviceMapping(text))
      .filter(({ mapping: { templates } }) => templates.length > 0);
    const events = files.flatMap((file, index) =>
      file.includes('Payload') ? readSampleEvents(texts[index] ?? '') : [],
    );
    let found = 0;
    for (const { mapping: each } of mappings) {
      for (const { envelope, enqueued } of events) {
        const traced = traceEvent(each, [], envelope as JsonObject, enqueued);
        const normalized = normalizeEnvelope(each, envelope as JsonObject, enqueued);
        expect([traced.measurements, traced.error]).toEqual([normalized.measurements, normalized.error]);
        found += traced.measurements.length;
      }
    }
    expect(found).toBeGreaterThan(10);
  });
});

describe('names that an event does not have', () => {
  it.each([
    ["$..[?(@Body.kind == 'walk')]", ['Body', 'kind']],
    ['$.SystemProperties.iothub-connection-device-id', ['SystemProperties', 'iothub-connection-device-id']],
    ['$..[?(@name =~ /some.thing/i && @n > 5)]', ['name', 'n']],
    ["to_array(Body)|[? starts_with(type, 'hr') && `x`].data[]", ['Body', 'type', 'data']],
    ['"quoted name".b', ['quoted name', 'b']],
    ['$.matchedToken.a', ['a']],
  ])('%s', (expression, names) => {
    expect(absentNames(expression, {})).toEqual(names.map((name) => `The event has no member ${name}.`));
    expect(absentNames(expression, [Object.fromEntries(names.map((name) => [name, 1]))])).toEqual([]);
  });
});
