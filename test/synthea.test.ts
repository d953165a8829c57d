/** The main job: real patients go in as transactions, come back by read, history and search, and outlive a kill. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { sharedData } from './shared-data.ts';

const folder = sharedData('synthea');

interface Reference {
  readonly reference: string;
}
interface Entry {
  readonly resource: unknown;
  readonly response: { readonly status: string };
}
const entriesOf = (bundle: unknown) => (bundle as { readonly entry: readonly Entry[] }).entry;

describe.skipIf(!folder)('Synthea patients (skipped where the shared test data is missing)', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-synthea-'));
  const workspaceFile = path.join(dataDir, 'workspace.json');
  const sums = new Map<string, number>();
  let server: LocalServer;
  let client: Client;

  beforeAll(async () => {
    // One of the patients has 3,419 entries; AHDS's limit, our default, is 500.
    writeFileSync(
      workspaceFile,
      JSON.stringify({ name: 'synthea', services: { fhir: { kind: 'fhir', maxBundleEntries: 5000 } } }),
    );
    server = await startLocalServer({ dataDir, env: { WORKSPACE_FILE: workspaceFile } });
    client = new Client({ baseUrl: `${server.url}/fhir` });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const bundles = () => {
    const inner = path.join(folder ?? '', 'blaze-synthea');
    const files = readdirSync(inner)
      .filter((file) => file.endsWith('.json.gz'))
      .sort();
    return files.map((file) => ({
      file,
      bundle: JSON.parse(gunzipSync(readFileSync(path.join(inner, file))).toString()),
    }));
  };

  it('all 19 bundles load through fhir-kit-client', async () => {
    for (const { file, bundle } of bundles()) {
      const answer = await (bundle.type === 'batch'
        ? client.batch({ body: bundle })
        : client.transaction({ body: bundle }));
      const statuses = new Set<string>(entriesOf(answer).map(({ response }) => response.status));
      expect([file, [...statuses].filter((status) => !status.startsWith('20'))]).toEqual([file, []]);
      for (const [index, { resource }] of bundle.entry.entries()) {
        if (entriesOf(answer)[index]?.response.status !== '201') continue;
        sums.set(resource.resourceType, (sums.get(resource.resourceType) ?? 0) + 1);
      }
    }
    expect([...sums.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(7500);
  });

  it('the resources by type are those that were sent', () => expectSums());

  it('memory stays under 250 MB', () => {
    expect(server.rss()).toBeLessThan(250);
  });

  it('references of a bundle, urn:uuid and conditional, point at what was stored', async () => {
    const found = await client.search({ resourceType: 'Encounter', searchParams: { _count: 1 } });
    const encounter = entriesOf(found)[0]?.resource as { subject: Reference; serviceProvider: Reference };
    expect(encounter.subject.reference).toMatch(/^Patient\/[0-9a-f-]{36}$/);
    expect(encounter.serviceProvider.reference).toMatch(/^Organization\/[0-9a-f-]{36}$/);
    const [type = '', id = ''] = encounter.serviceProvider.reference.split('/');
    expect((await client.read({ resourceType: type, id })).resourceType).toBe('Organization');
  });

  it('nothing is lost by kill -9', async () => {
    const before = await client.search({ resourceType: 'Patient', searchParams: { _count: 50, _sort: 'birthdate' } });
    await server.kill();
    server = await startLocalServer({ dataDir, env: { WORKSPACE_FILE: workspaceFile } });
    client = new Client({ baseUrl: `${server.url}/fhir` });
    const after = await client.search({ resourceType: 'Patient', searchParams: { _count: 50, _sort: 'birthdate' } });
    expect(entriesOf(after).map(({ resource }) => resource)).toEqual(entriesOf(before).map(({ resource }) => resource));
    await expectSums();
  });

  async function expectSums(): Promise<void> {
    const found: Record<string, number> = {};
    for (const type of sums.keys()) {
      const answer = await client.search({ resourceType: type, searchParams: { _summary: 'count' } });
      found[type] = Number(answer.total);
    }
    expect(found).toEqual(Object.fromEntries(sums));
  }
});
