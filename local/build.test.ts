import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from './build.ts';
import { startChildHost } from './testing/child-host.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is loaded with the first unit is in the bundle too. */
async function milligramsByGrams(base: string): Promise<number> {
  const system = 'http://unitsofmeasure.org';
  const resource = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'dose' },
    valueQuantity: { value: 5, system, code: 'mg' },
  };
  const headers = { 'Content-Type': 'application/fhir+json' };
  await fetch(`${base}/Observation`, { method: 'POST', headers, body: JSON.stringify(resource) });
  const found = await fetch(`${base}/Observation?value-quantity=0.005|${system}|g&_total=accurate`);
  return ((await found.json()) as { total: number }).total;
}

describe('the built app', () => {
  it.each(['direct', 'proxy'] as const)('answers /health/check and /fhir/metadata on the %s way', async (way) => {
    await buildApp(path.join(folder, 'dist'));
    const host = await startChildHost(
      { app: path.join(folder, 'dist/app.cjs'), way },
      { DATA_DIR: path.join(folder, `data-${way}`) },
    );
    try {
      const health = await fetch(`${host.url}/health/check`);
      expect([health.status, await health.json()]).toMatchObject([200, { overallStatus: 'Healthy' }]);
      const metadata = await fetch(`${host.url}/fhir/metadata`);
      expect([metadata.status, await metadata.json()]).toMatchObject([200, { resourceType: 'CapabilityStatement' }]);
      expect(await milligramsByGrams(`${host.url}/fhir`)).toBe(1);
    } finally {
      await host.stop();
    }
  });
});
