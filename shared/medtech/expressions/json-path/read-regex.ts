/** `/pattern/flags` of a filter. Patterns come from mapping files, so they run on RE2, whose time is bounded by the text. */
import { RE2JS } from 're2js';
import type { TextReader } from './text-reader.ts';

const flagBits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/**
 * The reader stands at the first slash. Newtonsoft takes .NET's patterns: those with look-around are refused here. It passes
 * over flags that it does not know; its `x` (explicit capture) changes nothing in a test.
 */
export function readRegex(reader: TextReader): (text: string) => boolean {
  const start = reader.at;
  let end = start + 1;
  while (end < reader.text.length && reader.text[end] !== '/') end += reader.text[end] === '\\' ? 2 : 1;
  if (end >= reader.text.length) reader.fail('A regular expression is not closed.');
  const pattern = reader.text.slice(start + 1, end);
  const flags = /^\p{L}*/u.exec(reader.text.slice(end + 1))?.[0] ?? '';
  const bits = [...flags].reduce((all, flag) => all | (flagBits[flag] ?? 0), 0);
  try {
    const compiled = RE2JS.compile(pattern, bits);
    reader.at = end + 1 + flags.length;
    return (text) => compiled.matcher(text).find();
  } catch {
    return reader.fail(`/${pattern}/ is no regular expression that can be run here.`);
  }
}
