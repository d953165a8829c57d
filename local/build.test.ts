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
      expect(await foundByEngine(`${host.url}/fhir`)).toBe('Anna');
    } finally {
      await host.stop();
    }
  });
});

/** What the first given name of a patient is found by: an expression that the FHIRPath engine, a file of its own, evaluates. */
async function foundByEngine(base: string): Promise<unknown> {
  const put = (type: string, resource: object) =>
    fetch(`${base}/${type}/one`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: type, id: 'one', ...resource }),
    });
  const described = {
    url: 'http://example.org/first',
    name: 'first',
    status: 'active',
    description: 'First given name.',
  };
  const expression = 'Patient.name.given.first()';
  await put('SearchParameter', { ...described, code: 'first', base: ['Patient'], type: 'string', expression });
  await put('Patient', { name: [{ given: ['Anna', 'Maria'] }] });
  const answer = await fetch(`${base}/Patient/one/$reindex`);
  const { parameter } = (await answer.json()) as { parameter: { name: string; valueString: string }[] };
  return parameter.find(({ name }) => name === 'first')?.valueString;
}
