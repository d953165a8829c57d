/** Lines and columns of the offsets of a text; both count from 1, a line ends with CR, LF or CR LF. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (const found of text.slice(0, offset).matchAll(/\r\n?|\n/g)) {
    line += 1;
    start = found.index + found[0].length;
  }
  return { line, column: offset - start + 1 };
}
