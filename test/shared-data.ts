import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../shared/data');

/**
 * The path of a file or folder of the reference data beside the checkout; undefined in a clone without it, where the tests
 * over it are skipped. On CI the data must be there.
 */
export function sharedData(name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  if (process.env.CI === 'true') throw new Error(`The reference data ${name} is missing.`);
  return undefined;
}
