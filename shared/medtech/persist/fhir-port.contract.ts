import { expect, it } from 'vitest';
import { formatJson, parseJsonObject } from '../../fhir/resource/json.ts';
import type { Resource } from '../../fhir/resource/types.ts';
import type { FhirPort } from './fhir-port.ts';

/** What every adapter of the port must meet. `remove` deletes a resource behind its back. */
export function fhirPortContract(
  open: () => { fhir: FhirPort; remove: (type: string, id: string) => Promise<void> },
): void {
  let number = 0;
  /** Longer than the 128 characters that AHDS compares. */
  const long = 'x'.repeat(150);
  const observation = (): Resource => {
    number += 1;
    const text = `{"resourceType":"Observation","id":"contract-${number}","status":"final","code":{"text":"weight"},
      "identifier":[{"system":"urn:x","value":"${long}|,$ ${number}"}],"valueQuantity":{"value":72.50}}`;
    return parseJsonObject(Buffer.from(text)) as Resource;
  };
  const identifierOf = (resource: Resource) => (resource.identifier as [{ system: string; value: string }])[0];

  it('finds what was created by its whole identifier, with or without the system, decimals with their digits', async () => {
    const { fhir } = open();
    const [one, other] = [observation(), observation()];
    expect(await fhir.search('Observation', identifierOf(one))).toEqual([]);
    expect(await fhir.create(one)).toMatchObject({ done: true, version: '1', contended: false });
    await fhir.create(other);
    const { value } = identifierOf(one);
    for (const identifier of [identifierOf(one), { value }]) {
      const [found, ...others] = await fhir.search('Observation', identifier);
      expect(others).toEqual([]);
      expect(found?.version).toBe('1');
      expect(formatJson(found?.resource ?? {})).toContain('"value":72.50');
    }
    expect(await fhir.search('Observation', { system: 'urn:y', value })).toEqual([]);
    expect(await fhir.search('Observation', { value: value.slice(0, -1) })).toEqual([]);
    expect(await fhir.search('Device', { value })).toEqual([]);
  });

  it('reads what is there', async () => {
    const { fhir } = open();
    const resource = observation();
    expect(await fhir.read('Observation', String(resource.id))).toBeUndefined();
    await fhir.create(resource);
    expect((await fhir.read('Observation', String(resource.id)))?.version).toBe('1');
  });

  it('replaces the version that is named, and no other', async () => {
    const { fhir } = open();
    const resource = observation();
    await fhir.create(resource);
    const amended = { ...observation(), id: String(resource.id), status: 'amended' };
    expect(await fhir.replace(amended, '1')).toMatchObject({ done: true, version: '2' });
    expect(await fhir.replace({ ...resource, status: 'final' }, '1')).toEqual({ done: false });
    expect(await fhir.replace(observation(), '1')).toEqual({ done: false });
    expect((await fhir.read('Observation', String(resource.id)))?.resource.status).toBe('amended');
  });

  it('makes what was deleted anew, and finds it no more meanwhile', async () => {
    const { fhir, remove } = open();
    const resource = observation();
    await fhir.create(resource);
    await remove('Observation', String(resource.id));
    expect(await fhir.search('Observation', identifierOf(resource))).toEqual([]);
    expect(await fhir.read('Observation', String(resource.id))).toBeUndefined();
    expect(await fhir.replace({ ...resource }, '1')).toEqual({ done: false });
    expect(await fhir.create(resource)).toMatchObject({ done: true, version: '3' });
  });

  it('can be reached', async () => {
    await expect(open().fhir.check()).resolves.toBeUndefined();
  });
}
