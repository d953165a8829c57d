import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import type { IndexEntry, IndexValue } from '../../stores/resources/index-entry.ts';
import { loadDefinitions } from '../definitions/load.ts';
import type { Resource } from '../resource/types.ts';
import { compileIndexer } from './index-resource.ts';
import { readExamples } from './testing/example-resources.ts';

const base = 'http://localhost/fhir';
const definitions = loadDefinitions();
const index = compileIndexer(definitions);
const time = (text: string) => Date.parse(text);

describe('index entries', () => {
  it('do not repeat what the store has as columns', () => {
    const entries = index(
      { resourceType: 'Observation', id: 'x', meta: { lastUpdated: '2020-01-01T00:00:00Z' } },
      base,
    );
    expect(entries).toEqual([]);
  });

  it('of an unknown type are none', () => {
    expect(index({ resourceType: 'constructor' }, base)).toEqual([]);
  });

  it('are none, and no error, for data that the types do not allow', () => {
    const wrong = [null, 0, 'x', [], {}, [null], [[]], { value: {} }, { coding: 'x', event: 'y', low: 1, given: [{}] }];
    for (const type of definitions.resourceTypes) {
      const names = [...(definitions.type(type)?.elements.keys() ?? [])].filter((name) => name !== 'resourceType');
      for (const value of wrong) {
        const resource = Object.fromEntries(names.map((name) => [name, value]));
        expect(() => index({ ...resource, resourceType: type } as Resource, base)).not.toThrow();
      }
    }
  });

  it('of one composite do not multiply without bound', () => {
    const coding = Array.from({ length: 3000 }, (_, code) => ({ code: `c${code}` }));
    const observation: Resource = { resourceType: 'Observation', code: { coding }, valueCodeableConcept: { coding } };
    const entries = index(observation, base).filter(({ param }) => param === 'Observation.code-value-concept');
    expect(entries).toHaveLength(1000);
  });
});

const examples = sharedData('fhir-r4-examples/instances.ndjson.gz');

describe.skipIf(!examples)('index entries of HL7 examples (needs the reference data)', () => {
  it('come from every parameter of every type without an exception', () => {
    const resources = readExamples(examples ?? '');
    const types = new Set(resources.map(({ resourceType }) => resourceType));
    const parameters = [...types].flatMap((type) => [...definitions.searchParameters(type).values()]);
    const entries = resources.flatMap((resource) => index(resource, base));
    const params = new Set(entries.map(({ param }) => param));
    console.info(
      `${resources.length} examples of ${types.size} types: ${parameters.length} parameters, ` +
        `${params.size} of them with values, ${entries.length} entries`,
    );
    expect(resources).toHaveLength(729);
    expect(types.size).toBe(134);
    expect(parameters.length).toBeGreaterThan(2500);
    expect(params.size).toBeGreaterThan(900);
    expect(entries.length).toBeGreaterThan(7500);
    for (const entry of entries) expectSound(entry);
  });
});

function expectSound(entry: IndexEntry): void {
  if (entry.kind === 'composite') {
    expect(entry.parts.length).toBeGreaterThan(1);
  } else if ('low' in entry) {
    expect(entry.low).toBeLessThanOrEqual(entry.high);
  }
}

const vendorFile = sharedData('ms-fhir-server-tests/R4/DocumentReference-example-relatesTo-code-appends.json');

describe.skipIf(!vendorFile)('index entries against those of AHDS (needs the reference data)', () => {
  it('are the same for the document reference whose entries are known', () => {
    /** We know the systems of codes inside data types as well. */
    const oursOnly = new Map([
      ['contenttype', 'urn:ietf:bcp:13'],
      ['language', 'urn:ietf:bcp:47'],
    ]);
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
    const vendor: VendorEntry[] = read((vendorFile ?? '').replace('.json', '.indexes.json'));
    const expected = vendor
      .filter(({ code }) => code !== '_id')
      .map(({ code, value }) => [
        code,
        ...vendorParts({ ...value, system: value.system ?? oursOnly.get(code) ?? null }),
      ]);
    /** What only our modifiers look up. */
    const ofModifiers = /:(of-type|identifier)$/;
    const entries = index(read(vendorFile ?? ''), base).filter(({ param }) => !ofModifiers.test(param));
    const own = entries.map(({ param, ...value }) => [param.replace(/^.*\./, ''), ...parts(value)]);
    const lines = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(lines(own)).toEqual(lines(expected));
  });
});

interface VendorEntry {
  readonly code: string;
  // biome-ignore lint/suspicious/noExplicitAny: values of many shapes, told apart by their members.
  readonly value: any;
}

function vendorParts(value: VendorEntry['value']): unknown[] {
  if (value.components) return value.components.flatMap(([first]: [unknown]) => vendorParts(first));
  if (value.resourceId) return [value.baseUri, value.resourceType, value.resourceId];
  if (value.start) return [time(value.start), time(value.end)];
  return value.uri
    ? [value.uri]
    : value.string
      ? [value.string]
      : [value.system, value.code, value.text?.toLowerCase() ?? null];
}

function parts(value: IndexValue): unknown[] {
  switch (value.kind) {
    case 'composite':
      return value.parts.flatMap(parts);
    case 'reference':
      return [value.base, value.type, value.id];
    case 'uri':
      return [value.uri];
    case 'string':
      return [value.exact];
    case 'token':
      return [value.system, value.code, value.text];
    case 'point':
      return [value.x, value.y, value.z];
    default:
      return [value.low, value.high];
  }
}
