/**
 * Regular expressions of stored and sent value sets. Their author may be anybody, and an expression that backtracks would
 * hold the whole process: RE2's engine takes time linear in expression and text, and both are bounded.
 */
import { FhirError } from '../outcome.ts';

const maxPatternLength = 1000;
/** Instructions of the compiled expression: `[A-Z]{2}` has 5. */
const maxProgramSize = 2000;
const maxTextLength = 1000;

/** Whether the whole of a text matches; one that is too long for a code or display does not. */
export async function compileRegex(pattern: string): Promise<(text: string) => boolean> {
  if (pattern.length > maxPatternLength) throw new FhirError('too-costly', 'The regular expression is too long.');
  const { RE2JS } = await import('re2js');
  const regex = orInvalid(() => RE2JS.compile(pattern));
  if (regex.programSize() > maxProgramSize) throw new FhirError('too-costly', 'The regular expression is too large.');
  return (text) => text.length <= maxTextLength && regex.testExact(text);
}

function orInvalid<Regex>(compile: () => Regex): Regex {
  try {
    return compile();
  } catch {
    throw new FhirError('invalid', 'The regular expression of a filter cannot be read.');
  }
}
