/** Our expansions of R4's value sets against those that HL7 publishes (`hl7.fhir.r4.expansions`). */
import { describe, expect, it } from 'vitest';
import { hl7Examples } from '../../../test/fixtures/hl7-examples.ts';
import { hl7Expansions } from '../../../test/fixtures/hl7-expansions.ts';
import { digestOf } from '../definitions/generate/expansions.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { FhirError } from '../outcome.ts';
import { openTerminology } from './open-terminology.ts';

const terminology = openTerminology(loadDefinitions());
const r4 = 'http://hl7.org/fhir/ValueSet/';
const hl7 = 'http://terminology.hl7.org/ValueSet/';

/** How many codes we list where HL7 lists others, and why. */
const differ: Readonly<Record<string, [codes: number, why: string]>> = {
  [`${r4}c80-doc-typecodes`]: [6401, 'HL7 cuts the listed concepts at 1,000'],
  [`${r4}detectedissue-category`]: [76, 'HL7 does not follow the property child'],
  [`${r4}observation-interpretation`]: [49, 'HL7 does not follow the property child'],
  [`${hl7}v3-ActPharmacySupplyType`]: [26, 'HL7 does not follow the property child'],
  [`${r4}diagnostic-service-sections`]: [45, 'HL7 leaves deprecated concepts out'],
  [`${r4}patient-contactrelationship`]: [11, 'HL7 leaves deprecated concepts out'],
  [`${r4}relatedperson-relationshiptype`]: [121, 'HL7 leaves deprecated concepts out'],
  [`${r4}security-labels`]: [207, 'HL7 leaves a system out whose concepts are all retired'],
  [`${hl7}v2-0487`]: [315, 'HL7 leaves deprecated concepts out'],
  [`${hl7}v2-0916`]: [4, 'HL7 leaves deprecated concepts out'],
  [`${hl7}v3-ActCode`]: [999, 'HL7 leaves one retired concept out'],
  [`${hl7}v2-2.7-0360`]: [61, 'HL7 writes the version into the name of the system'],
};

/** Sets of SNOMED CT, LOINC, UCUM, MIME types: their codes are not here, or cannot be listed. */
const elsewhere = new Set(
  [
    ...['adverse-event-type', 'allergyintolerance-code', 'approach-site-codes', 'body-site', 'bodystructure-code'],
    ...['care-team-category', 'clinical-findings', 'condition-code', 'condition-outcome', 'condition-stage'],
    ...['condition-stage-type', 'consent-content-code', 'device-kind', 'device-type', 'doc-typecodes'],
    ...['encounter-reason', 'flag-code', 'food-type', 'manifestation-or-symptom', 'medication-as-needed-reason'],
    ...['medication-codes', 'mimetypes', 'observation-codes', 'observation-methods', 'participant-role'],
    ...['procedure-code', 'procedure-reason', 'questionnaire-answers', 'questionnaire-questions', 'report-codes'],
    ...['substance-code', 'supply-item', 'ucum-units'],
  ].map((name) => r4 + name),
);

async function listed(url: string): Promise<Set<string> | string> {
  const set = await terminology.valueSet(url);
  if (!set) return 'unknown';
  try {
    return new Set(set.members().map(({ system, code }) => `${system}|${code}`));
  } catch (error) {
    return error instanceof FhirError ? error.code : String(error);
  }
}

describe("R4's value sets", () => {
  const expansions = hl7Expansions();

  it('expand as HL7 has expanded 508 of the 553', async () => {
    let same = 0;
    const others: string[] = [];
    for (const [url, { codes, digest }] of expansions) {
      const ours = await listed(url);
      if (typeof ours !== 'string' && ours.size === codes && digestOf(ours) === digest) same += 1;
      else others.push(url);
    }
    expect(others.toSorted()).toEqual([...Object.keys(differ), ...elsewhere].sort());
    expect(same).toBe(508);
  });

  it.each(Object.entries(differ))('%s has other codes than HL7 lists: %s', async (url, [codes]) => {
    const ours = await listed(url);
    expect(ours).toHaveProperty('size', codes);
  });

  it.each([...elsewhere])('%s is not listed by half', async (url) => {
    expect(['not-found', 'too-costly']).toContain(await listed(url));
    expect((await terminology.valueSet(url))?.list()).toBeUndefined();
  });

  it('have the members that they list, and no made-up ones', async () => {
    for (const url of expansions.keys()) {
      const set = await terminology.valueSet(url);
      for (const { system, code } of set?.list() ?? []) {
        if (!set?.has(system, code) || !set.has(undefined, code))
          expect.fail(`${url} lists but has not ${system}|${code}`);
      }
      if (set?.list() && !set.set.open) expect([url, set.has('urn:none', 'none')]).toEqual([url, false]);
    }
  });
});

describe("HL7's examples", () => {
  const r4Sets = { contentType: `${r4}mimetypes`, language: `${r4}all-languages` };
  const found: [set: string, code: string][] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) collect(one);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, one] of Object.entries(value)) {
      // The language of an Expression is that of a program.
      const set = 'expression' in value || 'reference' in value ? undefined : r4Sets[name as keyof typeof r4Sets];
      if (set && typeof one === 'string') found.push([set, one]);
      else collect(one);
    }
  };

  it('have MIME types and languages that are such', async () => {
    collect(hl7Examples());
    expect(found.length).toBeGreaterThan(50);
    const wrong: string[] = [];
    for (const [set, code] of found)
      if ((await terminology.valueSet(set))?.has(undefined, code) !== true) wrong.push(code);
    expect(wrong).toEqual([]);
  });
});
