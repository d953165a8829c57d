/** JSON text with line breaks and two-space indents for `_pretty`; no value is parsed, so every digit stays. */
export function prettyJson(text: string): string {
  let result = '';
  let depth = 0;
  // Strings whole, then single marks; everything between them (numbers, words) is copied.
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]|[^"{}[\],:\s]+/g)) {
    if (piece === '{' || piece === '[') {
      depth += 1;
      result += `${piece}\n${'  '.repeat(depth)}`;
    } else if (piece === '}' || piece === ']') {
      depth -= 1;
      result += `\n${'  '.repeat(depth)}${piece}`;
    } else if (piece === ',') {
      result += `,\n${'  '.repeat(depth)}`;
    } else {
      result += piece === ':' ? ': ' : piece;
    }
  }
  return result;
}
