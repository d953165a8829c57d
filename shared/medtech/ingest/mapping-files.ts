/**
 * The two mapping files of a service. They are looked at again before each batch, so that an edit is in force at once; one
 * with errors is reported, and the last that was good stays in force.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { readDeviceMapping } from '../device-mapping/read-device-mapping.ts';
import { readFhirMapping } from '../fhir-mapping/read-fhir-mapping.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { normalize } from '../normalize/normalize.ts';
import type { Mappings } from './mappings.ts';

export interface MappingFiles {
  readonly deviceMapping?: string;
  readonly fhirMapping?: string;
}

/** AHDS: a mapping has at most this. */
const maxBytes = 4 * 1024 * 1024;

/** Gets a message when mappings cannot be used; it quotes the file, never an event. */
type Report = (message: string) => void;

/** The mappings in force; rejects while there are none that are good. */
export function mappingFiles(files: MappingFiles, report: Report): () => Promise<Mappings> {
  let state = '';
  let good: Mappings | undefined;
  /** Batches of several partitions ask at the same time: they wait for one reading. */
  let reading: Promise<void> | undefined;
  return async () => {
    const { deviceMapping, fhirMapping } = files;
    if (!deviceMapping || !fhirMapping) throw new NoMappings('deviceMapping and fhirMapping are not set.');
    try {
      const now = `${await stateOf(deviceMapping)} ${await stateOf(fhirMapping)}`;
      if (now !== state) {
        state = now;
        reading = read(deviceMapping, fhirMapping).then(
          (mappings) => {
            good = mappings;
          },
          (error: Error) => report(error.message),
        );
      }
    } catch (error) {
      report((error as Error).message);
    }
    await reading;
    return good ?? Promise.reject(new NoMappings('There are no mappings that can be used.'));
  };
}

/** Events wait in the Event Hub until there are mappings. */
export class NoMappings extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoMappings';
  }
}

async function stateOf(file: string): Promise<string> {
  const { mtimeMs, size } = await stat(file);
  return `${mtimeMs}:${size}`;
}

async function read(deviceFile: string, fhirFile: string): Promise<Mappings> {
  const [deviceText, fhirText] = [await textOf(deviceFile), await textOf(fhirFile)];
  const device = readDeviceMapping(deviceText);
  const fhir = readFhirMapping(fhirText);
  const errors = [...errorsOf(deviceFile, device.problems), ...errorsOf(fhirFile, fhir.problems)];
  if (errors.length > 0) throw new Error(`The mappings are not used:\n${errors.join('\n')}`);
  return {
    version: createHash('sha256').update(deviceText).update('\0').update(fhirText).digest('hex').slice(0, 16),
    normalize: (event) => normalize(device.mapping, event),
    fhir: fhir.mapping,
  };
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.length > maxBytes) throw new Error(`${file}: a mapping has at most ${maxBytes} bytes.`);
  return bytes.toString('utf8');
}

function errorsOf(file: string, problems: readonly MappingProblem[]): string[] {
  return problems
    .filter(({ level }) => level === 'error')
    .map(({ message, line = 1, column = 1 }) => `${file}:${line}:${column}: ${message}`);
}
