import type { JsonValue } from '../json/value.ts';

export interface Slice {
  readonly start?: number;
  readonly end?: number;
  readonly step?: number;
}

/** The items of a slice by the rules of Python, which both languages have. `step` is not 0. */
export function sliceOf(items: readonly JsonValue[], { start, end, step = 1 }: Slice): JsonValue[] {
  const count = items.length;
  const up = step > 0;
  const place = (index: number) =>
    index < 0 ? Math.max(count + index, up ? 0 : -1) : Math.min(index, up ? count : count - 1);
  const from = start === undefined ? (up ? 0 : count - 1) : place(start);
  const until = end === undefined ? (up ? count : -1) : place(end);
  const found: JsonValue[] = [];
  for (let at = from; up ? at < until : at > until; at += step) found.push(items[at] as JsonValue);
  return found;
}
