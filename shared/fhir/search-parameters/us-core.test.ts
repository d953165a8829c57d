/** The search parameters of a real guide, US Core 6.1.0. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { readTar } from '../definitions/generate/tar.ts';
import { loadDefinitions } from '../definitions/load.ts';
import type { Resource } from '../resource/types.ts';
import { codeConflict } from './code-conflict.ts';
import { customParameter } from './custom-parameter.ts';
import { ParameterRegistry } from './parameter-registry.ts';

const file = sharedData('us-core/us_core_610.tgz');

async function readParameters(): Promise<Resource[]> {
  const found: Resource[] = [];
  const chunks = Readable.from([gunzipSync(readFileSync(file ?? ''))]);
  for await (const { bytes } of readTar(chunks, (name) => /package\/SearchParameter-.*json$/.test(name))) {
    found.push(JSON.parse(Buffer.from(bytes).toString()));
  }
  return found;
}

describe.skipIf(!file)('US Core (skipped where the shared test data is missing)', () => {
  it('has definitions that can all be searched by; only codes of the specification with another expression conflict', async () => {
    const definitions = loadDefinitions();
    const nothing = { read: async () => undefined, parameters: async () => undefined };
    const registry = new ParameterRegistry(definitions, nothing);
    const conflicts: string[] = [];
    const free: string[] = [];
    for (const resource of await readParameters()) {
      const parameter = await customParameter(definitions, resource, () => undefined);
      const list = codeConflict(parameter, registry) === undefined ? free : conflicts;
      list.push(`${[...parameter.byBase.keys()]}.${parameter.code}`);
    }
    expect(free.length + conflicts.length).toBe(106);
    expect(free).toEqual(
      expect.arrayContaining([
        'Patient.race',
        'Patient.ethnicity',
        'Patient.gender-identity',
        'Condition.asserted-date',
        'Goal.description',
      ]),
    );
    expect(conflicts).toHaveLength(8);
    expect(conflicts.every((name) => name.endsWith('._id'))).toBe(true);
  });
});
