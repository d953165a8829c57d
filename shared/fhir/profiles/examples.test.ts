import { describe, expect, it } from 'vitest';
import { readResources } from '../../../test/fixtures/hl7-examples.ts';
import { sharedData } from '../../../test/shared-data.ts';
import type { JsonObject, Resource } from '../resource/types.ts';
import { testValidation } from './testing/full-validation.ts';

/** HL7's examples that break R4's own rules. docs/conformance.md explains each. */
const explained: Readonly<Record<string, string>> = {
  'Basic/referral': 'has modifier extensions that nobody defines',
  'Binary/example': 'has white space in base64',
  'Bundle/father': 'refers inside a document to what no fullUrl leads to',
  'Bundle/ussg-fht': 'has a value set of units with a code that UCUM does not have',
  'CapabilityStatement/knowledge-repository': 'has search parameters of another type than their definitions',
  'CapabilityStatement/measure-processor': 'has a search parameter of another type than its definition',
  'CapabilityStatement/terminology-server': 'has search parameters of another type than their definitions',
  'Communication/fm-attachment': 'has an attachment at example.org',
  'DeviceMetric/example': 'refers to a type that the element does not allow',
  'DeviceUseStatement/example': 'refers to a type that the element does not allow',
  'DocumentReference/example': 'has an attachment at example.org',
  'ImagingStudy/example-xr': 'has a code of SNOMED RT as one of SNOMED CT',
  'List/example-double-cousin-relationship': 'has an age in barn, code b',
  'Media/example': 'has white space in base64',
  'MedicationRequest/medrx0301': 'refers to a type that the element does not allow',
  'NutritionOrder/enteralcontinuous': 'has the identifier of a description as code of SNOMED CT',
  'Observation/clinical-gender': 'refers to a type that the element does not allow',
  'Observation/f202': 'is a body temperature without its time',
  'Organization/2.16.840.1.113883.19.5': 'has an OID that is no URI as identifier of urn:ietf:rfc:3986',
  'PlanDefinition/example-cardiology-os': 'has the words "look up value" as code of SNOMED CT',
  'Questionnaire/phq-9-questionnaire': 'has an extension where its definition does not allow it',
  'Questionnaire/qs1': 'lacks linkId',
};

const instances = sharedData('fhir-r4-examples/instances.ndjson.gz');
const validation = testValidation();
const errorsOf = async (resource: JsonObject, ...profiles: string[]): Promise<string[]> => {
  const issues = await validation.issues(resource as Resource, profiles);
  return issues.filter(({ severity }) => severity === 'error').map(({ expression }) => String(expression?.[0]));
};

describe.skipIf(instances === undefined)("HL7's 729 examples under full validation", () => {
  it('are right but for those that break rules of R4', async () => {
    const wrong: string[] = [];
    let unevaluated = 0;
    for (const resource of readResources(instances as string)) {
      const issues = await validation.issues(resource);
      if (issues.some(({ severity }) => severity === 'error')) wrong.push(`${resource.resourceType}/${resource.id}`);
      unevaluated += issues.filter(({ code }) => code === 'not-supported').length;
    }
    expect(wrong.sort()).toEqual(Object.keys(explained).sort());
    expect(unevaluated).toBe(0);
  }, 60_000);
});

describe.skipIf(instances === undefined)('the blood pressure profile', () => {
  const bp = 'http://hl7.org/fhir/StructureDefinition/bp';
  const example = (): JsonObject & { component: JsonObject[] } => {
    const all = [...readResources(instances as string)];
    return structuredClone(all.find(({ id }) => id === 'blood-pressure')) as never;
  };

  it("accepts HL7's example", async () => {
    expect(await errorsOf(example(), bp)).toEqual([]);
  });

  it.each<[string, (resource: JsonObject & { component: JsonObject[] }) => void]>([
    ['without diastolic pressure', (one) => void one.component.pop()],
    ['with systolic pressure twice', (one) => void one.component.push(one.component[0] as JsonObject)],
    [
      'with another code',
      (one) => void Object.assign(one, { code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] } }),
    ],
    ['without category', (one) => void delete one.category],
    [
      'with another category',
      (one) =>
        void Object.assign(one, { category: [{ coding: [{ system: 'http://x.example', code: 'vital-signs' }] }] }),
    ],
    ['without time', (one) => void delete one.effectiveDateTime],
    ['with a time of the year only', (one) => void Object.assign(one, { effectiveDateTime: '2012' })],
    ['without subject', (one) => void delete one.subject],
    ['in another unit', (one) => void Object.assign(one.component[0]?.valueQuantity as JsonObject, { code: 'kPa' })],
    [
      'with a text as value',
      (one) => {
        const systolic = one.component[0] as JsonObject;
        delete systolic.valueQuantity;
        systolic.valueString = '120';
      },
    ],
    ['without a value and without the reason', (one) => void delete one.component[0]?.valueQuantity],
    ['of a device', (one) => void Object.assign(one, { subject: { reference: 'Device/1' } })],
  ])('refuses it %s', async (_name, change) => {
    const changed = example();
    change(changed);
    expect((await errorsOf(changed, bp)).length).toBeGreaterThan(0);
  });
});
