import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hl7Examples, readResources } from '../../../test/fixtures/hl7-examples.ts';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { JsonObject, Resource } from '../resource/types.ts';
import { compileValidator } from './compile-validator.ts';

const validate = compileValidator(loadDefinitions());

/** The first fault of each resource that has one: code and place by type and id. */
function faults(resources: Iterable<Resource>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const resource of resources) {
    const [first] = validate(resource);
    if (first) found[`${resource.resourceType}/${resource.id}`] = `${first.code} ${first.expression?.[0]}`;
  }
  return found;
}

const knownFaults = {
  'Binary/example': 'value Binary.data',
  'Media/example': 'value Media.content.data',
  'Questionnaire/qs1': 'required Questionnaire.item[0].item[0].linkId',
};

describe('resources as they are published', () => {
  it('of HL7 are right but for white space in base64 and a missing linkId', () => {
    const examples = hl7Examples();
    expect(examples).toHaveLength(727);
    expect(faults(examples)).toEqual({
      ...knownFaults,
      'DiagnosticReport/gingival-mass': 'value DiagnosticReport.presentedForm[0].data',
    });
  });

  const instances = sharedData('fhir-r4-examples/instances.ndjson.gz');
  it.skipIf(instances === undefined)('of HL7, the selection of the reference data, are right too', () => {
    expect(faults(readResources(instances as string))).toEqual(knownFaults);
  });

  const synthea = sharedData('synthea/blaze-synthea');
  it.skipIf(synthea === undefined)('of Synthea are right, in their transactions and each by itself', () => {
    let entries = 0;
    for (const file of readdirSync(synthea as string)) {
      const bundle = parseJsonObject(gunzipSync(readFileSync(path.join(synthea as string, file)))) as Resource;
      const resources = (bundle.entry as JsonObject[]).map(({ resource }) => resource as Resource);
      expect(faults([bundle, ...resources])).toEqual({});
      entries += resources.length;
    }
    expect(entries).toBe(7871);
  });
});
