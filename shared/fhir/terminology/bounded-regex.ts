/**
 * Regular expressions of stored and sent value sets. Their author may be anybody, and an expression that backtracks would
 * hold the whole process: RE2's engine takes time linear in expression and text, both are bounded, and an expression that
 * has taken a second in slow matches is not run again.
 */
import { FhirError } from '../outcome.ts';

const maxPatternLength = 1000;
/** Instructions of the compiled expression: `[A-Z]{2}` has 5. */
const maxProgramSize = 1000;
const maxTextLength = 1000;
const slowMs = 1;
const maxSlowMs = 1000;

/** Whether the whole of a text matches; `undefined` once the expression has taken too long. */
export async function compileRegex(pattern: string): Promise<(text: string) => boolean | undefined> {
  if (pattern.length > maxPatternLength) throw new FhirError('too-costly', 'The regular expression is too long.');
  const { RE2JS } = await import('re2js');
  const regex = orInvalid(() => RE2JS.compile(pattern));
  if (regex.programSize() > maxProgramSize) throw new FhirError('too-costly', 'The regular expression is too large.');
  let spent = 0;
  return (text) => {
    if (spent > maxSlowMs) return undefined;
    if (text.length > maxTextLength) return false;
    const start = performance.now();
    const matches = regex.testExact(text);
    const took = performance.now() - start;
    if (took > slowMs) spent += took;
    return matches;
  };
}

function orInvalid<Regex>(compile: () => Regex): Regex {
  try {
    return compile();
  } catch {
    throw new FhirError('invalid', 'The regular expression of a filter cannot be read.');
  }
}
