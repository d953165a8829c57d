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
  'contained-resource-bad-id-ignore': 'there the fault is passed over by an option',
  'json-comments-2-yes': 'there the fault is passed over by an option',
  'cs-narrative-status-pub': 'there an option adds rules of publication; the same resource is right without it',
  'pat-example-extensions': 'there an unknown extension is refused',
  'target-ref-profile-empty': 'there an unknown extension is refused',
  'ips-nz-pj': "needs the displays of today's LOINC",
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
    expect(differing.sort()).toEqual(Object.keys(explained).sort());
  }, 60_000);
});
