import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatJson, parseJson } from '../../shared/fhir/resource/json.ts';
import { prettyJson } from '../../shared/fhir/resource/pretty-json.ts';
import type { JsonValue } from '../../shared/fhir/resource/types.ts';
import { withDigits } from '../../shared/medtech/fhir-mapping/decimal-holders.ts';
import type { Difference } from '../../shared/medtech/mapping-tool/differences.ts';
import { checkGoldenCase, goldenResult } from '../../shared/medtech/mapping-tool/golden-case.ts';
import { abridged } from './abridged.ts';
import {
  commonOptions,
  type MappingPaths,
  namedMappings,
  oneArgument,
  readEvents,
  readText,
  ToolError,
  usableMappings,
} from './tool-files.ts';

const usage = 'test FOLDER [--device FILE] [--fhir FILE] [--update] [--json]';
const options = { ...commonOptions, update: { type: 'boolean', default: false } } as const;
const eventFile = /^events?\.(json|ndjson)$/;
const expectedFiles = ['measurements', 'observations', 'errors'] as const;

interface CaseResult {
  readonly name: string;
  readonly differences: readonly Difference[];
}

/**
 * `test FOLDER`: each case is a folder with `event.json`, `events.json` or `events.ndjson`, and what must become of it:
 * `measurements.json`, `observations.json`, `errors.json`. `--update` writes these. The mappings are those that are named,
 * else `device.json` and `fhir.json` in FOLDER, else the workspace's. 0: all pass, 1: some do not, 2: cannot be read.
 */
export async function test(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const folder = oneArgument(positionals, usage);
  const mappings = usableMappings(namedMappings({ ...ownMappings(folder), ...values }));
  const results = casesIn(folder).map((name): CaseResult => {
    const place = path.join(folder, name);
    const events = readEvents(path.join(place, readdirSync(place).find((file) => eventFile.test(file)) ?? ''));
    const actual = goldenResult(mappings, events);
    if (values.update) {
      for (const file of expectedFiles) update(path.join(place, `${file}.json`), actual[file], file !== 'errors');
      return { name, differences: [] };
    }
    const expected = Object.fromEntries(
      expectedFiles.map((file) => [file, expectation(path.join(place, `${file}.json`))]),
    );
    if (expected.observations !== undefined && !mappings.fhir) {
      throw new ToolError(`${name} has observations.json: name the FHIR mapping (--fhir FILE).`);
    }
    return { name, differences: checkGoldenCase(expected, actual) };
  });
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else {
    for (const { name, differences } of results) {
      console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
      for (const difference of differences) console.log(differenceLine(difference));
    }
    console.log(`${results.length - failed} pass, ${failed} fail`);
  }
  return failed === 0 ? 0 : 1;
}

function differenceLine({ place, expected, actual }: Difference): string {
  return `     ${place}: expected ${abridged(expected)}, got ${abridged(actual)}`;
}

function ownMappings(folder: string): MappingPaths {
  const [device, fhir] = [path.join(folder, 'device.json'), path.join(folder, 'fhir.json')];
  return { ...(existsSync(device) && { device }), ...(existsSync(fhir) && { fhir }) };
}

/** Names of folders, in their order; empty for the folder itself. */
function casesIn(folder: string): string[] {
  const isCase = (place: string) => readdirSync(place).some((file) => eventFile.test(file));
  if (!existsSync(folder)) throw new ToolError(`${folder}: there is no such folder.`);
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = ['.', ...folders.map(({ name }) => name).toSorted()];
  const cases = names.filter((name) => isCase(path.join(folder, name)));
  if (cases.length === 0) throw new ToolError(`${folder}: no folder in it has an event.json or events.ndjson.`);
  return cases;
}

function expectation(file: string): JsonValue | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return parseJson(Buffer.from(readText(file)));
  } catch (error) {
    throw new ToolError(`${file}: ${(error as Error).message}`);
  }
}

/** No file where there is nothing that must be told. */
function update(file: string, value: JsonValue[], always: boolean): void {
  if (value.length === 0 && !always && !existsSync(file)) return;
  writeFileSync(file, `${prettyJson(formatJson(withDigits<JsonValue>(value)))}\n`);
}
