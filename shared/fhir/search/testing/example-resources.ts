/** For tests: HL7's example resources from the reference data. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Resource } from '../../resource/types.ts';

export function readExamples(path: string): Resource[] {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
