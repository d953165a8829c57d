/** Separators in search values and their escapes. FHIR R4 3.1.1.4.3: `\,` `\|` `\$` and `\\` stand for the characters themselves. */

/** Splits at unescaped separators; the parts keep their escapes. */
export function splitEscaped(text: string, separator: ',' | '|' | '$'): string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** A backslash before any other character is a backslash. */
export function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}
