import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openAuditFile } from './audit-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('records are appended in order, also by the next process', async () => {
  const file = path.join(folder, 'below/audit.ndjson');
  for (const start of [0, 500]) {
    const audit = await openAuditFile(file);
    for (let number = start; number < start + 500; number++) audit.write(String(number));
    await audit.close();
  }
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toEqual(Array.from({ length: 1000 }, (_, number) => String(number)));
});
