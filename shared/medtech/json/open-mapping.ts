import type { MappingProblem } from '../mapping-problem.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { MappingObject } from './mapping-object.ts';
import { readMapping } from './read-mapping.ts';
import { isObject } from './value.ts';

/** The object that a mapping file is; undefined, and noted, where it is no JSON or no object. */
export function openMapping(text: string, problems: MappingProblem[]): MappingObject | undefined {
  try {
    const file = readMapping(text);
    if (isObject(file.value)) return new MappingObject({ file, problems }, file.value);
    problems.push({ message: 'A mapping is an object.', level: 'error', line: 1, column: 1 });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, line, column } = error;
    problems.push({ message, level: 'error', line, column });
  }
  return undefined;
}
