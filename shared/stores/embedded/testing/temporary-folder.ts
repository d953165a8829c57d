import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for the data of one test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohds-store-'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
