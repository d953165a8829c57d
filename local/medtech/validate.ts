import { parseArgs } from 'node:util';
import { checkMappings } from '../../shared/medtech/mapping-tool/check-mappings.ts';
import { commonOptions, mappingTexts, namedMappings, problemLine } from './tool-files.ts';

/** `validate --device FILE --fhir FILE`: every mistake with its place. 0: no errors, 1: some, 2: cannot be read. */
export async function validate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: commonOptions });
  const paths = namedMappings(values);
  const { problems } = checkMappings(mappingTexts(paths));
  const errors = problems.filter(({ level }) => level === 'error').length;
  if (values.json) console.log(JSON.stringify(problems, null, 2));
  else {
    for (const problem of problems) console.log(problemLine(problem, paths));
    console.log(`${errors} errors, ${problems.length - errors} warnings`);
  }
  return errors === 0 ? 0 : 1;
}
