import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { compileValidator } from './compile-validator.ts';

interface Case {
  name: string;
  file: string;
  expectedErrors: number;
}

/** Cases whose file the Java validator accepts only because it is told to pass over the fault. */
const toldToIgnore = ['contained-resource-bad-id-ignore', 'json-comments-2-yes'];

const folder = sharedData('fhir-validator-cases');

describe.skipIf(folder === undefined)("HL7's validator cases in JSON", () => {
  const validate = compileValidator(loadDefinitions());
  const cases: Case[] = folder ? JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) : [];
  const inJson = cases.filter(({ file }) => file.endsWith('.json'));

  const isRefused = ({ file }: Case): boolean => {
    const bytes = readFileSync(path.join(folder as string, file));
    try {
      return validate(parseJsonObject(bytes) as Resource).length > 0;
    } catch {
      return true;
    }
  };

  it('refuse nothing that the Java validator accepts', () => {
    const accepted = inJson.filter(({ expectedErrors }) => expectedErrors === 0);
    expect(accepted.filter(isRefused).map(({ name }) => name)).toEqual(toldToIgnore);
  });

  it('agree in 44 of 75; the others are about terminology, profiles, invariants and HL7 publication rules', () => {
    expect(inJson).toHaveLength(75);
    const agreeing = inJson.filter((one) => isRefused(one) === one.expectedErrors > 0);
    expect(agreeing.length).toBeGreaterThanOrEqual(44);
  });
});
