import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mappingFiles, NoMappings } from './mapping-files.ts';

let folder: string;
let files: { deviceMapping: string; fhirMapping: string };
let reports: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-mappings-'));
  files = { deviceMapping: path.join(folder, 'device.json'), fhirMapping: path.join(folder, 'fhir.json') };
  reports = [];
  writeFileSync(files.deviceMapping, '{"templateType":"CollectionContent","template":[]}');
  writeFileSync(files.fhirMapping, '{"templateType":"CollectionFhir","template":[]}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = () => mappingFiles(files, (message) => reports.push(message));

it('those who ask at the same time get the same mappings', async () => {
  const mappings = opened();
  const all = await Promise.all([mappings(), mappings(), mappings()]);
  expect(new Set(all).size).toBe(1);
  expect(reports).toEqual([]);
});

it('an edit has another version; one with mistakes is reported once, with its place, and the last good one stays', async () => {
  const mappings = opened();
  const first = await mappings();
  writeFileSync(files.deviceMapping, '{"templateType":"CollectionContent","template":[ ]}');
  const second = await mappings();
  expect(second.version).not.toBe(first.version);
  writeFileSync(files.deviceMapping, '{"templateType":"CollectionContent",\n "template":[{}]}');
  expect(await mappings()).toBe(second);
  expect(await mappings()).toBe(second);
  expect(reports).toEqual([expect.stringContaining(`${files.deviceMapping}:2:14: Required property 'TemplateType'`)]);
});

it('without good mappings it rejects, and takes them when they come', async () => {
  writeFileSync(files.fhirMapping, 'none');
  const mappings = opened();
  await expect(mappings()).rejects.toThrow(NoMappings);
  rmSync(files.deviceMapping);
  await expect(mappings()).rejects.toThrow(NoMappings);
  writeFileSync(files.deviceMapping, '{"templateType":"CollectionContent","template":[]}');
  writeFileSync(files.fhirMapping, '{"templateType":"CollectionFhir","template":[]}');
  expect((await mappings()).fhir.templates.size).toBe(0);
});
