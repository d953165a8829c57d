/** Fetches HL7's packages from npm into a cache and reads what the generator needs out of them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type {
  Published,
  PublishedCompartment,
  PublishedSearchParameter,
  PublishedTerminology,
  PublishedValueSet,
  StructureDefinition,
} from './published.ts';
import { readTar } from './tar.ts';

interface Package {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of the package file as npm publishes it (`dist.integrity`). */
  readonly sha512: string;
}

const examplesPackage: Package = {
  name: 'hl7.fhir.r4.examples',
  version: '4.0.1',
  sha512: 'DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==',
};
const expansionsPackage: Package = {
  name: 'hl7.fhir.r4.expansions',
  version: '4.0.1',
  sha512: 'E0LjAGKIEla9XdM98cOzE8fv+syczVSzzqjE/29rhK1jK52kSByzSM+dQuQM0j4BiBIpMwZydQnKHV11rV5IlQ==',
};

/** Definition resources of which the package holds whole collections; every other resource is one of the examples. */
const definitionTypes =
  /^(StructureDefinition|SearchParameter|CompartmentDefinition|ValueSet|CodeSystem|ConceptMap|OperationDefinition)-/;

/** Reads both packages, from `cacheFolder` where they are there already. */
export async function readPublished(cacheFolder: string): Promise<Published> {
  const structures: StructureDefinition[] = [];
  const searchParameters: PublishedSearchParameter[] = [];
  const compartments: PublishedCompartment[] = [];
  const valueSets = new Map<string, PublishedValueSet>();
  const expansions = new Map<string, PublishedValueSet>();
  const codeSystems: PublishedTerminology[] = [];
  const conceptMaps: PublishedTerminology[] = [];
  const examples = new Map<string, string>();
  for await (const { name, text } of jsonFiles(examplesPackage, cacheFolder)) {
    if (name.startsWith('StructureDefinition-')) structures.push(JSON.parse(text));
    else if (name.startsWith('SearchParameter-')) searchParameters.push(JSON.parse(text));
    else if (name.startsWith('CompartmentDefinition-')) compartments.push(JSON.parse(text));
    else if (name.startsWith('ValueSet-')) addByUrl(valueSets, JSON.parse(text));
    else if (name.startsWith('CodeSystem-')) codeSystems.push(JSON.parse(text));
    else if (name.startsWith('ConceptMap-')) conceptMaps.push(JSON.parse(text));
    else if (!definitionTypes.test(name)) examples.set(name, text);
  }
  for await (const { name, text } of jsonFiles(expansionsPackage, cacheFolder)) {
    if (name.startsWith('ValueSet-')) addByUrl(expansions, JSON.parse(text));
  }
  return { structures, searchParameters, compartments, valueSets, expansions, codeSystems, conceptMaps, examples };
}

function addByUrl(sets: Map<string, PublishedValueSet>, set: PublishedValueSet): void {
  sets.set(set.url, set);
}

async function* jsonFiles(from: Package, cacheFolder: string): AsyncGenerator<{ name: string; text: string }> {
  const unpacked = createReadStream(fetchPackage(from, cacheFolder)).pipe(createGunzip());
  const isResource = (name: string): boolean => name.endsWith('.json') && !/\/(\.index|package)\.json$/.test(name);
  for await (const file of readTar(unpacked, isResource)) {
    yield { name: path.posix.basename(file.name), text: Buffer.from(file.bytes).toString('utf8') };
  }
}

/** The path of the package file, fetched when the cache lacks it. Throws when it is not the one that npm published. */
function fetchPackage({ name, version, sha512 }: Package, cacheFolder: string): string {
  const file = path.join(cacheFolder, `${name}-${version}.tgz`);
  if (!existsSync(file)) {
    mkdirSync(cacheFolder, { recursive: true });
    execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', cacheFolder], {
      shell: process.platform === 'win32',
    });
  }
  const found = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (found !== sha512) throw new Error(`${file} is not the published package; remove it and run again`);
  return file;
}
