import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from './build.ts';
import { startChildHost } from './testing/child-host.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
      // Asks for the libraries and data files that are loaded late: UCUM, regular expressions, R4's value sets.
      const units = `url=http://hl7.org/fhir/ValueSet/ucum-units&system=http://unitsofmeasure.org&code=mm[Hg]`;
      const unit = await fetch(`${host.url}/fhir/ValueSet/$validate-code?${units}`);
      expect(await unit.json()).toMatchObject({ parameter: [{ name: 'result', valueBoolean: true }, {}] });
      const countries = 'url=http://hl7.org/fhir/ValueSet/iso3166-1-3&system=urn:iso:std:iso:3166&code=ch';
      const country = await fetch(`${host.url}/fhir/ValueSet/$validate-code?${countries}`);
      expect(await country.json()).toMatchObject({ parameter: [{ name: 'result', valueBoolean: false }, {}] });
    } finally {
      await host.stop();
    }
  });
});
