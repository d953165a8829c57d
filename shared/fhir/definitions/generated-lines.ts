/**
 * Reads a generated file: lines `["key",value]`. A value is parsed when it is first asked for, so that the start pays
 * for finding the lines only.
 */
import { readFileSync } from 'node:fs';

export interface GeneratedLines<Value> {
  /** In the order of the file: sorted. */
  readonly keys: readonly string[];
  readonly get: (key: string) => Value | undefined;
}

/** A file of `generated/`, which lies beside this module; in a bundle, beside the bundle. */
export function readGenerated<Value>(name: string): GeneratedLines<Value> {
  const lines = new Map<string, string>();
  for (const line of readFileSync(new URL(`./generated/${name}`, import.meta.url), 'utf8').split('\n')) {
    if (line !== '') lines.set(line.slice(2, line.indexOf('"', 2)), line);
  }
  const get = (key: string): Value | undefined => {
    const line = lines.get(key);
    return line === undefined ? undefined : (JSON.parse(line) as [string, Value])[1];
  };
  return { keys: [...lines.keys()], get };
}
