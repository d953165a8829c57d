import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { readTar } from '../definitions/generate/tar.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { testValidation } from './testing/full-validation.ts';

const file = sharedData('us-core/us_core_610.tgz');

interface Package {
  readonly profiles: JsonObject[];
  readonly examples: Resource[];
}

async function readPackage(): Promise<Package> {
  const read: Package = { profiles: [], examples: [] };
  const wanted = (name: string) => /^package\/(StructureDefinition-|example\/[^.])[^/]*\.json$/.test(name);
  for await (const { name, bytes } of readTar(createReadStream(file as string).pipe(createGunzip()), wanted)) {
    const resource = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (name.startsWith('package/example/')) read.examples.push(resource);
    else read.profiles.push(resource);
  }
  return read;
}

/** The example with every value of a child (`gender`) or grandchild (`name.family`) taken out; undefined without any. */
function without(example: Resource, path: readonly string[]): Resource | undefined {
  const changed = structuredClone(example);
  const [parent, name] = path.length === 2 ? path : [undefined, path[0]];
  const held = parent === undefined ? changed : changed[parent];
  let removed = false;
  for (const holder of [held ?? []].flat() as JsonObject[]) {
    for (const key of Object.keys(holder)) {
      if (!isValueOf(key, String(name))) continue;
      delete holder[key];
      removed = true;
    }
  }
  return removed ? changed : undefined;
}

function isValueOf(key: string, name: string): boolean {
  const property = key.replace(/^_/, '');
  if (!name.endsWith('[x]')) return property === name;
  return property.startsWith(name.slice(0, -3)) && /^[A-Z]/.test(property.slice(name.length - 3));
}

/** Paths below the type that a profile requires, slices left out. */
function required({ snapshot }: JsonObject): string[][] {
  const elements = ((snapshot as JsonObject).element as JsonObject[]).filter(
    ({ id, min }) => Number(min) > 0 && !String(id).includes(':'),
  );
  return elements
    .map(({ path }) => String(path).split('.').slice(1))
    .filter(({ length }) => length === 1 || length === 2);
}

describe.skipIf(file === undefined)('US Core 6.1.0', () => {
  it('an example that lacks a required element is found wrong, every one of over 700', async () => {
    const { profiles, examples } = await readPackage();
    const validation = testValidation({ profiles });
    let tried = 0;
    const missed: string[] = [];
    for (const example of examples) {
      for (const canonical of (example.meta?.profile ?? []) as JsonValue[]) {
        const profile = profiles.find(({ url }) => url === String(canonical).split('|')[0]);
        for (const path of profile ? required(profile) : []) {
          const changed = without(example, path);
          if (!changed) continue;
          tried += 1;
          const issues = await validation.issues(changed);
          const isFound = issues.some(({ severity, code }) => severity === 'error' && code !== 'incomplete');
          if (!isFound) missed.push(`${example.id} ${path.join('.')}`);
        }
      }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(700);
  }, 120_000);

  it('without their snapshots the profiles give the same verdicts', async () => {
    const { profiles, examples } = await readPackage();
    const bare = profiles.map(({ snapshot: _snapshot, ...profile }) => profile);
    const withErrors = async (known: JsonObject[]): Promise<string[]> => {
      const validation = testValidation({ profiles: known });
      const found: string[] = [];
      for (const example of examples) {
        const issues = await validation.issues(example);
        if (issues.some(({ severity }) => severity === 'error')) found.push(example.resourceType);
      }
      return [...new Set(found)].sort();
    };
    // Both have an attachment at example.org.
    expect(await withErrors(profiles)).toEqual(['DiagnosticReport', 'Media']);
    expect(await withErrors(bare)).toEqual(['DiagnosticReport', 'Media']);
  }, 120_000);
});
