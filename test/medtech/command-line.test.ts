import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-medtech-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

  it('validate: JSON for machines, and exit code 2 where a file cannot be read', async () => {
    const { code, output } = await medtech('validate', '--device', 'test/medtech/cases/device.json', '--json');
    expect([code, JSON.parse(output)]).toEqual([0, [expect.objectContaining({ level: 'warning', line: 19 })]]);
    expect(await medtech('validate', '--device', 'nowhere.json')).toEqual({
      code: 2,
      output: 'nowhere.json: cannot be read (ENOENT).\n',
    });
    expect(await medtech('validate', '--divice', 'x')).toMatchObject({ code: 2 });
  });

  const cases = 'test/medtech/cases';
  it('trace: what each template makes of each event, and why not', async () => {
    const { code, output } = await medtech(
      ...['trace', `${cases}/stops-at-a-failure/events.ndjson`],
      ...['--device', `${cases}/device.json`, '--fhir', `${cases}/fhir.json`],
    );
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      'event 1: 1 measurements',
      '  ! walk: failed, which ends the event',
      expect.stringContaining('"metres","value":"9.144"'),
      '  . oxygen: not tried: a template before it failed',
      expect.stringMatching(/^ {2}> .*"data":"9.144 E…5 times…"/),
      expect.stringMatching(/^ {2}error: NormalizationDataMappingException: .*multiply/),
      '',
      'event 2: 1 measurements',
      expect.stringMatching(/^ {2}- walk: typeMatchExpression finds nothing/),
      '  + oxygen: 1 matches',
      expect.stringContaining('"value":"96"'),
      expect.stringMatching(/^ {2}> .*"value":96/),
      '',
    ]);
  });

  it('test: the golden cases pass, a change of the mapping does not go unnoticed', async () => {
    expect(await medtech('test', cases)).toEqual({
      code: 0,
      output: 'ok   laps-and-oxygen\nok   stops-at-a-failure\n2 pass, 0 fail\n',
    });
    const changed = path.join(folder, 'device.json');
    writeFileSync(changed, readFileSync(path.join(root, cases, 'device.json'), 'utf8').replace('0.9144', '0.9'));
    const { code, output } = await medtech('test', cases, '--device', changed, '--fhir', `${cases}/fhir.json`);
    expect(code).toBe(1);
    expect(output).toContain('measurements[0].properties[0].value: expected "365.76", got "360"\n');
    expect(output).toMatch(/\n0 pass, 2 fail\n$/);
  });

  it('test --update writes what is there', async () => {
    const place = path.join(folder, 'case');
    mkdirSync(place);
    writeFileSync(
      path.join(place, 'event.json'),
      '{"device":"w","records":[{"kind":"oxygen","epoch":0,"percent":97.0}]}',
    );
    const mappings = ['--device', `${cases}/device.json`, '--fhir', `${cases}/fhir.json`];
    expect(await medtech('test', folder, '--update', ...mappings)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(path.join(place, 'measurements.json'), 'utf8'))).toEqual([
      expect.objectContaining({ type: 'oxygen', occurrenceTimeUtc: '1970-01-01T00:00:00Z' }),
    ]);
    expect(await medtech('test', folder, ...mappings)).toMatchObject({ code: 0 });
  });

  it('diff: what a change of the mapping does to events', async () => {
    const changed = path.join(folder, 'other.json');
    writeFileSync(changed, readFileSync(path.join(root, cases, 'device.json'), 'utf8').replace('divide(', 'multiply('));
    const old = ['--old-device', `${cases}/device.json`, '--old-fhir', `${cases}/fhir.json`];
    const { code, output } = await medtech('diff', `${cases}/laps-and-oxygen/event.json`, '--device', changed, ...old);
    expect(code).toBe(1);
    expect(output).toContain('measurements: 0 added, 0 removed, 2 changed, 1 the same\n');
    expect(output).toContain('properties[1].value: "5" becomes "18600"\n');
    expect(output).toContain('observations: 0 added, 0 removed, 1 changed, 1 the same\n');
    const same = ['--device', `${cases}/device.json`];
    expect(await medtech('diff', `${cases}/laps-and-oxygen/event.json`, ...same, ...old)).toMatchObject({ code: 0 });
  });

  it('without a command it names them', async () => {
    expect(await medtech()).toMatchObject({ code: 2, output: expect.stringContaining('simulate') });
  });
});
