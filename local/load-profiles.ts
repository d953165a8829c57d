/**
 * `npm run profiles -- PACKAGE.tgz [--url http://localhost:7071/fhir]` stores the profiles of a FHIR package, with their
 * value sets, code systems and concept maps, in a FHIR service. AHDS too starts without any: the user loads them.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../shared/fhir/definitions/generate/tar.ts';

const wanted = /^package\/(StructureDefinition|ValueSet|CodeSystem|ConceptMap)-[^/]*\.json$/;
/** Resources in one request. */
const batchSize = 25;

export interface Loaded {
  readonly stored: number;
  /** `StructureDefinition/us-core-patient: 400`, with what the service said. */
  readonly refused: readonly string[];
}

export async function loadProfiles(file: string, url: string): Promise<Loaded> {
  let stored = 0;
  const refused: string[] = [];
  const store = async (resources: readonly { resourceType: string; id: string }[]): Promise<void> => {
    const entry = resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    }));
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    const answered = (await response.json()) as { entry: { response: { status: string; outcome?: unknown } }[] };
    for (const [index, { response: answer }] of answered.entry.entries()) {
      if (/^2/.test(answer.status)) stored += 1;
      else refused.push(`${entry[index]?.request.url}: ${answer.status} ${JSON.stringify(answer.outcome)}`);
    }
  };
  const waiting: { resourceType: string; id: string }[] = [];
  for await (const { bytes } of readTar(createReadStream(file).pipe(createGunzip()), (name) => wanted.test(name))) {
    waiting.push(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (waiting.length === batchSize) await store(waiting.splice(0));
  }
  if (waiting.length > 0) await store(waiting);
  return { stored, refused };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { url: { type: 'string', default: 'http://localhost:7071/fhir' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('Usage: npm run profiles -- PACKAGE.tgz [--url http://localhost:7071/fhir]');
  const { stored, refused } = await loadProfiles(path.resolve(file), values.url);
  console.log(`${stored} resources stored${refused.map((line) => `\nnot stored: ${line}`).join('')}`);
  if (refused.length > 0) process.exitCode = 1;
}
