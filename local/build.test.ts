import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { part10File, text, uint16 } from '../shared/dicom/testing/part10-file.ts';
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
      // Asks for the libraries and data files that are loaded late: UCUM, regular expressions, R4's value sets.
      const units = `url=http://hl7.org/fhir/ValueSet/ucum-units&system=http://unitsofmeasure.org&code=mm[Hg]`;
      const unit = await fetch(`${host.url}/fhir/ValueSet/$validate-code?${units}`);
      expect(await unit.json()).toMatchObject({ parameter: [{ name: 'result', valueBoolean: true }, {}] });
      const countries = 'url=http://hl7.org/fhir/ValueSet/iso3166-1-3&system=urn:iso:std:iso:3166&code=ch';
      const country = await fetch(`${host.url}/fhir/ValueSet/$validate-code?${countries}`);
      expect(await country.json()).toMatchObject({ parameter: [{ name: 'result', valueBoolean: false }, {}] });
      expect(await convertedFrames(`${host.url}/dicom/v2`)).toEqual([200, 200, 200, 200, 200]);
      expect(await foundByEngine(`${host.url}/fhir`)).toBe('Anna');
    } finally {
      await host.stop();
    }
  });
});

/** Asks for the thread of the codecs and each of their WebAssembly files: a frame as JPEG 2000, HTJ2K, JPEG-LS and JPEG. */
async function convertedFrames(base: string): Promise<number[]> {
  const image = [
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(0x00080018, 'UI', '1.2.3.1.1'),
    text(0x00100020, 'LO', 'X'),
    text(0x0020000d, 'UI', '1.2.3'),
    text(0x0020000e, 'UI', '1.2.3.1'),
    uint16(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    uint16(0x00280010, 64),
    uint16(0x00280011, 64),
    uint16(0x00280100, 8),
    uint16(0x00280101, 8),
    { tag: 0x7fe00010, vr: 'OB', value: Buffer.alloc(4096, 'pixels') },
  ];
  const stored = await fetch(`${base}/studies`, {
    method: 'PUT',
    headers: { Accept: 'application/dicom+json', 'Content-Type': 'application/dicom' },
    body: new Uint8Array(part10File({ transferSyntax: '1.2.840.10008.1.2.1', elements: image })),
  });
  const frame = `${base}/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/1`;
  const get = async (url: string, accept: string) => (await fetch(url, { headers: { Accept: accept } })).status;
  const types = ['jp2', 'jphc', 'jls'].map((type) => `multipart/related; type="image/${type}"`);
  const compressed = await Promise.all(types.map((accept) => get(frame, accept)));
  return [stored.status, ...compressed, await get(`${frame}/rendered`, 'image/jpeg')];
}

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
