/** R4's own structures: types, profiles (vital signs, bp, bmi) and extensions. Read from disk when one is first asked for. */
import { type GeneratedLines, readGenerated } from '../definitions/generated-lines.ts';
import type { Structure } from './structure.ts';

let lines: GeneratedLines<Structure> | undefined;

/** Undefined when R4 has no structure of that url. */
export function publishedStructure(url: string): Structure | undefined {
  lines ??= readGenerated<Structure>('structures.ndjson');
  return lines.get(url);
}
