import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
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

it('a full file and one of yesterday are put aside, whole, and only the owner can read them', async () => {
  const file = path.join(folder, 'rotated/audit.ndjson');
  let moment = new Date('2026-01-01T10:00:00Z');
  const audit = await openAuditFile(file, { maxBytes: 10, now: () => moment });
  const later = async (line: string) => {
    audit.write(line);
    await new Promise((resolve) => setTimeout(resolve, 250));
  };
  await later('first-line');
  await later('second');
  moment = new Date('2026-01-02T00:00:00Z');
  await later('third');
  await audit.close();
  expect(readdirSync(path.dirname(file)).toSorted()).toEqual([
    'audit-2026-01-01T100000.000Z.ndjson',
    'audit-2026-01-02T000000.000Z.ndjson',
    'audit.ndjson',
  ]);
  const text = (name: string) => readFileSync(path.join(path.dirname(file), name), 'utf8');
  expect(text('audit-2026-01-01T100000.000Z.ndjson')).toBe('first-line\n');
  expect(text('audit-2026-01-02T000000.000Z.ndjson')).toBe('second\n');
  expect(text('audit.ndjson')).toBe('third\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('records that could not be written wait, and go first', async () => {
  const file = path.join(folder, 'failing/audit.ndjson');
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const audit = await openAuditFile(file, { maxBytes: 1 });
  audit.write('one');
  await new Promise((resolve) => setTimeout(resolve, 250));
  // The file cannot be put aside while its folder is another one's.
  renameSync(path.dirname(file), `${path.dirname(file)}-moved`);
  audit.write('two');
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(errors).toHaveBeenCalled();
  errors.mockRestore();
  renameSync(`${path.dirname(file)}-moved`, path.dirname(file));
  audit.write('three');
  await audit.close();
  const aside = readdirSync(path.dirname(file)).filter((name) => name !== 'audit.ndjson');
  expect(aside.map((name) => readFileSync(path.join(path.dirname(file), name), 'utf8'))).toEqual(['one\n']);
  expect(readFileSync(file, 'utf8')).toBe('two\nthree\n');
});
