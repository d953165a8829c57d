import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../shared-data.ts';

const root = path.resolve(import.meta.dirname, '../..');

function medtech(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, 'local/medtech/run.ts'), ...args],
      { cwd: root },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      },
    );
  });
}

describe('npm run medtech', () => {
  it('validate: the sample mappings have no mistakes', async () => {
    const files = ['--device', 'local/medtech/mappings/device.json', '--fhir', 'local/medtech/mappings/fhir.json'];
    expect(await medtech('validate', ...files)).toEqual({ code: 0, output: '0 errors, 0 warnings\n' });
  });

  const data = sharedData('iomt-fhir-tests/Ingest.Validation.UnitTests');
  it.skipIf(!data)('validate: each mistake has its file, line and column, and the exit code is 1', async () => {
    const file = path.join(data ?? '', 'data_CollectionContentTemplateInvalid.json');
    const { code, output } = await medtech('validate', '--device', file);
    expect(code).toBe(1);
    expect(output).toContain(`${file}:6:19: error: Required property 'DeviceIdExpression' not found in JSON.`);
    expect(output).toMatch(/\n3 errors, 0 warnings\n$/);
  });

  it('without a command it names them', async () => {
    expect(await medtech()).toMatchObject({ code: 2, output: expect.stringContaining('simulate') });
  });
});
