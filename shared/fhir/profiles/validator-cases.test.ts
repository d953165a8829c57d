import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { testValidation } from './testing/full-validation.ts';

interface Case {
  name: string;
  file: string;
  expectedErrors: number;
}

/** Where the verdict differs from that of HL7's Java validator, and why. docs/conformance.md has the same list. */
const explained: Readonly<Record<string, string>> = {
  'obs-temp': 'unknown profile: an error in AHDS, a warning there',
  'bundle-profiles': 'unknown profile',
  'obs-fio2': 'unknown profile',
  'obs-vital-signs-mdc': 'unknown profile',
  'bundle-explicit-version-4': 'unknown profile',
  'contained-resource-bad-id-ignore': 'there the fault is passed over by an option',
  'json-comments-2-yes': 'there the fault is passed over by an option',
  'vs-bad-code': 'needs SNOMED CT',
  'obs-temp-code2': 'needs SNOMED CT',
  'ips-nz-pj': 'needs the displays of LOINC',
  'contract-binding-test': 'needs code systems that are bound as examples',
  'bundle-signed-good': 'has a MIME type whose parameter lacks its quotes',
  'signatures-example-1': 'has a MIME type whose parameter lacks its quotes',
  'patient-xver': 'needs the definitions of another FHIR release',
  'patient-xver-bad': 'needs the definitions of another FHIR release',
  'pat-example-extensions': 'an unknown extension is right here',
  'dr-example-org': 'rule of publication: no example.org',
  'cs-narrative-status-pub': 'rule of publication: HL7 work group',
  'pat-security-bad-string': 'no rule of R4: text that looks like HTML',
  'pat-security-bad-string1': 'no rule of R4: text that looks like HTML',
  message: 'no rule of R4: links to urn: in narrative',
  'message-empty-entry': 'no rule of R4: links to urn: in narrative',
  'sp-diff-type': 'a search parameter against the one that it derives from',
  'sp-diff-base': 'a search parameter against the one that it derives from',
  capstmt: 'a CapabilityStatement against the definitions of its search parameters',
  'vs-params-2': 'an expression against the parameters of its value set',
  'bad-bundle-reference-type-4': 'a relative reference taken for the urn:uuid of an entry',
};

const folder = sharedData('fhir-validator-cases');

describe.skipIf(folder === undefined)("HL7's 101 validator cases in JSON and XML", () => {
  const definitions = loadDefinitions();
  const validation = testValidation();
  const cases: Case[] = folder ? JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) : [];

  const hasErrors = async ({ file }: Case): Promise<boolean> => {
    const bytes = readFileSync(path.join(folder as string, file));
    let resource: Resource;
    try {
      resource = file.endsWith('.xml') ? parseXml(bytes, definitions) : (parseJsonObject(bytes) as Resource);
    } catch {
      return true;
    }
    return (await validation.issues(resource)).some(({ severity }) => severity === 'error');
  };

  it('have the verdict of the Java validator, but for those that are explained', async () => {
    const differing: string[] = [];
    for (const one of cases) if ((await hasErrors(one)) !== one.expectedErrors > 0) differing.push(one.name);
    expect(cases).toHaveLength(101);
    expect(differing.filter((name) => !(name in explained))).toEqual([]);
    expect(cases.length - differing.length).toBeGreaterThanOrEqual(76);
  }, 60_000);
});
