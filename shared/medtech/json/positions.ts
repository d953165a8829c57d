/** Lines and columns of the offsets of a text; both count from 1, a line ends with CR, LF or CR LF. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** For many offsets of one text. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...[...text.matchAll(/\r\n?|\n/g)].map(({ index, 0: end }) => index + end.length)];
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
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
