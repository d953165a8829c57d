import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readDeviceMapping } from '../../shared/medtech/device-mapping/read-device-mapping.ts';
import { readFhirMapping } from '../../shared/medtech/fhir-mapping/read-fhir-mapping.ts';
import type { MappingProblem } from '../../shared/medtech/mapping-problem.ts';

/** `validate --device device.json --fhir fhir.json`: every mistake with its place. 0: none, 1: some, 2: cannot be read. */
export async function validate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { device: { type: 'string' }, fhir: { type: 'string' } } });
  if (!values.device && !values.fhir) {
    console.error('validate --device FILE --fhir FILE: at least one of them.');
    return 2;
  }
  const problems = [
    ...problemsOf(values.device, (text) => readDeviceMapping(text).problems),
    ...problemsOf(values.fhir, (text) => readFhirMapping(text).problems),
  ];
  for (const { file, level, message, line = 1, column = 1 } of problems) {
    console.log(`${file}:${line}:${column}: ${level}: ${message}`);
  }
  const errors = problems.filter(({ level }) => level === 'error').length;
  console.log(`${errors} errors, ${problems.length - errors} warnings`);
  return errors === 0 ? 0 : 1;
}

function problemsOf(file: string | undefined, read: (text: string) => readonly MappingProblem[]) {
  return file === undefined ? [] : read(readFileSync(file, 'utf8')).map((problem) => ({ file, ...problem }));
}
