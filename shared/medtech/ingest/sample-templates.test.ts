/** The mappings of iomt-fhir, both files of each folder together: an event for each template becomes one valid Observation. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../../fhir/definitions/load.ts';
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import { compileValidator } from '../../fhir/validation/compile-validator.ts';
import { readDeviceMapping } from '../device-mapping/read-device-mapping.ts';
import { templateOf } from '../fhir-mapping/fhir-mapping.ts';
import { readFhirMapping } from '../fhir-mapping/read-fhir-mapping.ts';
import { normalize } from '../normalize/normalize.ts';
import { event, openTestIngest } from '../testing/ingesting.ts';
import { MemoryFhir } from '../testing/memory-fhir.ts';

const folder = sharedData('iomt-fhir-tests/sample-templates');
const time = '2019-02-01T22:46:01.875Z';

interface Template {
  readonly typeName: string;
  readonly typeMatchExpression: string;
  readonly deviceIdExpression?: string;
  readonly timestampExpression?: string;
  readonly values: readonly { readonly valueName: string; readonly valueExpression: string }[];
}

/** A body with what the template's expressions name, `$.telemetry.HeartRate`: device, time, numbers from 1 on. */
function bodyFor({ typeMatchExpression, deviceIdExpression, timestampExpression, values }: Template): string {
  const body: Record<string, unknown> = {};
  const put = (expression: string, value: unknown) => {
    const names = expression.replace(/^[$@]\.?/, '').split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce((at, name) => {
      at[name] ??= {};
      return at[name] as Record<string, unknown>;
    }, body);
    holder[last] = value;
  };
  for (const found of typeMatchExpression.match(/@[\w.]+/g) ?? []) put(found, 1);
  put(deviceIdExpression ?? '$.deviceId', 'device1');
  put(timestampExpression ?? '$.enqueuedTime', time);
  for (const [index, { valueExpression }] of values.entries()) put(valueExpression, index + 1);
  return JSON.stringify(body);
}

describe.skipIf(!folder)('an Observation for each template', () => {
  const text = (name: string) => readFileSync(path.join(folder as string, name), 'utf8').replace(/^\uFEFF/, '');
  const validate = compileValidator(loadDefinitions());

  it.each(['basic', 'healthkitOnFhir', 'sandbox'])('of %s', async (name) => {
    const device = readDeviceMapping(text(`${name}/devicecontent.json`));
    const fhirMapping = readFhirMapping(text(`${name}/fhirmapping.json`));
    expect([...device.problems, ...fhirMapping.problems]).toEqual([]);
    const { template: templates } = JSON.parse(text(`${name}/devicecontent.json`)) as {
      template: { template: Template }[];
    };
    for (const { template } of templates) {
      const fhir = new MemoryFhir();
      fhir.put({
        resourceType: 'Device',
        id: 'd',
        identifier: [{ value: 'device1' }],
        patient: { reference: 'Patient/p' },
      });
      const mappings = {
        version: 'v',
        normalize: (each: Parameters<typeof normalize>[1]) => normalize(device.mapping, each),
        fhir: fhirMapping.mapping,
      };
      const { ingest } = openTestIngest(fhir, { resolution: 'Lookup', mappings: async () => mappings });
      const { failed } = await ingest([event(bodyFor(template))]);
      expect([template.typeName, failed.flatMap(({ errors }) => errors)]).toEqual([template.typeName, []]);
      const [observation, ...others] = fhir.all('Observation') as [Resource];
      expect([template.typeName, others]).toEqual([template.typeName, []]);
      expect(validate(observation)).toEqual([]);
      expect(valuesOf(observation, template, fhirMapping.mapping)).toEqual(
        template.values.map((_, index) => String(index + 1)),
      );
    }
  });
});

/** What stands in the Observation for each of the template's values, by its name. */
function valuesOf(observation: Resource, { typeName, values }: Template, mapping: Parameters<typeof templateOf>[0]) {
  const components = (observation.component ?? []) as JsonObject[];
  const isOwn = templateOf(mapping, typeName)?.value !== undefined;
  return values.map(({ valueName }, index) => {
    const holder = isOwn ? observation : components.find(({ code }) => (code as JsonObject).text === valueName);
    const { valueQuantity, valueSampledData, valueCodeableConcept } = (holder ?? {}) as Record<string, JsonObject>;
    if (valueSampledData) return String(valueSampledData.data).replace(/\bE\b/g, '').trim();
    // A concept is the mapping's, whatever was measured.
    return valueCodeableConcept ? String(index + 1) : String(valueQuantity?.value);
  });
}
