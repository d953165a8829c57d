/** Resource by resource: JSON → XML → JSON loses nothing, digits included. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { formatJson, parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { parseXml } from './parse-xml.ts';
import { formatXml } from './write-xml.ts';

const definitions = loadDefinitions();
const folder = sharedData('fhir-r4-examples');

function lines(path: string | URL): Buffer[] {
  const text = gunzipSync(readFileSync(path)).toString();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [Buffer.from(line)]));
}

function expectRoundTrip(json: Uint8Array, pretty = false): void {
  const resource = parseJsonObject(json) as Resource;
  const back = parseXml(Buffer.from(formatXml(resource, definitions, pretty)), definitions);
  expectSame(back, resource);
}

function expectSame(actual: Resource, expected: Resource): void {
  expect(actual).toEqual(expected);
  expect(numbersOf(actual)).toEqual(numbersOf(expected));
}

/** The numbers as they are written; members may come in another order. */
function numbersOf(resource: Resource): string[] {
  const withoutStrings = formatJson(resource).replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return (withoutStrings.match(/-?\d[\d.eE+-]*/g) ?? []).sort();
}

it('HL7 examples of the repository', () => {
  for (const json of lines(new URL('../../../test/fixtures/hl7-examples.ndjson.gz', import.meta.url))) {
    expectRoundTrip(json);
  }
});

describe.skipIf(!folder)('HL7 examples (the reference data lies beside the checkout)', () => {
  const examples = folder ?? '';

  it('all 729, with line breaks too', () => {
    const all = lines(join(examples, 'instances.ndjson.gz'));
    expect(all.length).toBe(729);
    for (const json of all) expectRoundTrip(json, true);
  });

  const files = folder ? readdirSync(join(folder, 'xml')).filter((name) => name.endsWith('.xml')) : [];

  it.each(files)('%s is read, equals its JSON twin, and is written again', (name) => {
    const resource = parseXml(readFileSync(join(examples, 'xml', name)), definitions);
    expectSame(parseXml(Buffer.from(formatXml(resource, definitions, false)), definitions), resource);
    const twin = join(examples, 'xml', name.replace(/xml$/, 'json'));
    // By value: where the XML has 1.0e0, HL7's own twin has 1.0.
    if (existsSync(twin)) expect(resource).toEqual(parseJsonObject(readFileSync(twin)));
  });
});
