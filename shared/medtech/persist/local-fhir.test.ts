import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../access/audit-record.ts';
import { openFhirService } from '../../fhir/open-fhir-service.ts';
import type { Resource } from '../../fhir/resource/types.ts';
import type { FhirService } from '../../fhir/service.ts';
import { MemoryFhir } from '../testing/memory-fhir.ts';
import { fhirPortContract } from './fhir-port.contract.ts';
import { LocalFhir } from './local-fhir.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-local-fhir-'));
const audited: AuditRecord[] = [];
let service: FhirService;
let fhir: LocalFhir;

beforeAll(async () => {
  service = await openFhirService({ name: 'fhir', entry: { maxBundleEntries: 500 }, dataDir });
  const audit = (record: AuditRecord) => audited.push(record);
  fhir = new LocalFhir({ service, base: 'http://localhost:7071/fhir', who: 'medtech/medtech', audit });
});
afterAll(async () => {
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function remove(type: string, id: string): Promise<void> {
  const current = await service.store.read({ type, id });
  const tombstone = { method: 'DELETE', body: undefined, index: [], keepPrevious: true } as const;
  await service.commit([{ kind: 'put', key: { type, id }, expected: current?.version ?? 0, ...tombstone }]);
}

describe('the FHIR service of this process', () => {
  fhirPortContract(() => ({ fhir, remove }));

  it('does not overwrite what another writer has created meanwhile', async () => {
    const resource: Resource = { resourceType: 'Device', id: 'raced' };
    const results = await Promise.all(
      [1, 2, 3].map((note) => fhir.create({ ...resource, note: [{ text: `${note}` }] })),
    );
    expect(results.filter(({ done }) => done)).toHaveLength(1);
  });

  it('validates, and audits as the MedTech service', async () => {
    const invalid: Resource = { resourceType: 'Observation', id: 'invalid', status: 'final' };
    await expect(fhir.create(invalid)).rejects.toMatchObject({ code: 'FhirResourceRefusedException' });
    expect(audited.at(-1)).toMatchObject({
      who: 'medtech/medtech',
      operation: 'fhir-update',
      path: '/fhir/Observation/invalid',
      status: 400,
      resourceType: 'Observation',
      resourceId: 'invalid',
    });
  });

  it('is unavailable when its store fails, without the data of the resource in the message', async () => {
    const failing = { ...service, commit: () => Promise.reject(new Error('disk full')) };
    const port = new LocalFhir({ service: failing, base: 'http://localhost/fhir', who: 'medtech/m', audit: () => {} });
    await expect(port.create({ resourceType: 'Device', id: 'x' })).rejects.toMatchObject({
      name: 'FhirUnavailable',
      message: 'The FHIR service fhir failed.',
    });
  });
});

describe('the FHIR service of tests', () => {
  const memory = new MemoryFhir();
  fhirPortContract(() => ({ fhir: memory, remove: async (type, id) => memory.remove(type, id) }));
});
