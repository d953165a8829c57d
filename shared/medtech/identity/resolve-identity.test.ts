import { describe, expect, it } from 'vitest';
import type { Resource } from '../../fhir/resource/types.ts';
import { MemoryFhir, unavailable } from '../testing/memory-fhir.ts';
import { type IdentityOptions, openIdentities, type Who } from './resolve-identity.ts';

const patientId = 'c018de55d21c966ef1d413084969c7d23cfd83f9ee46c83c24461e6c0b085423';
const deviceId = 'e06accbb3e1dc2ca4773724cfc492354e84ec2a5d8e31394675041c8a88d8717';
const device123: Who = { deviceId: 'device123', patientId: undefined, encounterId: undefined };

function opened(options: Partial<IdentityOptions> = {}, ...resources: Resource[]) {
  const fhir = new MemoryFhir();
  for (const resource of resources) fhir.put(resource);
  const all = {
    fhir,
    resolution: 'Lookup',
    strictIdentity: true,
    cacheSize: 10,
    now: () => new Date(),
    ...options,
  } as const;
  const identities = openIdentities(all);
  return { fhir, resolve: (who: Partial<Who>) => identities.resolve({ ...device123, ...who }) };
}

const identified = (resourceType: string, id: string, value: string, more: object = {}): Resource => ({
  resourceType,
  id,
  identifier: [{ system: 'urn:x', value }],
  ...more,
});
const patient = (id: string, value: string) => identified('Patient', id, value);
const device = (id: string, reference?: string) =>
  identified('Device', id, 'device123', reference === undefined ? {} : { patient: { reference } });
const encounter = (id: string, value: string, reference?: string) =>
  identified('Encounter', id, value, reference === undefined ? {} : { subject: { reference } });
const failure = (code: string) => expect.objectContaining({ code });

describe('Lookup', () => {
  it('finds the device by its identifier, in the default system if there is one, and the patient that it is linked to', async () => {
    const { resolve } = opened({}, device('d', 'Patient/p'));
    expect(await resolve({})).toEqual({ deviceId: 'd', patientId: 'p' });
    const elsewhere = opened({ defaultDeviceIdentifierSystem: 'urn:y' }, device('d', 'Patient/p'));
    await expect(elsewhere.resolve({})).rejects.toEqual(failure('DeviceNotFoundException'));
    const there = opened({ defaultDeviceIdentifierSystem: 'urn:x' }, device('d', 'Patient/p'));
    expect(await there.resolve({})).toEqual({ deviceId: 'd', patientId: 'p' });
  });

  it('fails for a device that is not there, is there twice, or has no patient', async () => {
    await expect(opened().resolve({})).rejects.toEqual(failure('DeviceNotFoundException'));
    const twice = opened({}, device('d', 'Patient/p'), device('e', 'Patient/p'));
    await expect(twice.resolve({})).rejects.toEqual(failure('MultipleDeviceFoundException'));
    // AHDS: the reference must be relative.
    for (const reference of [undefined, 'http://x/Patient/p', 'Patient/p/_history/1', 'Group/p']) {
      await expect(opened({}, device('d', reference)).resolve({})).rejects.toEqual(failure('PatientNotFoundException'));
    }
  });

  it('finds the encounter by its identifier', async () => {
    const { resolve } = opened({}, device('d', 'Patient/p'), encounter('e', 'visit'));
    expect(await resolve({ encounterId: 'visit' })).toEqual({ deviceId: 'd', patientId: 'p', encounterId: 'e' });
    await expect(resolve({ encounterId: 'other' })).rejects.toEqual(failure('EncounterNotFoundException'));
  });

  it('LookupWithEncounter demands an encounter', async () => {
    const { resolve } = opened(
      { resolution: 'LookupWithEncounter' },
      device('d', 'Patient/p'),
      encounter('e', 'visit'),
    );
    expect(await resolve({ encounterId: 'visit' })).toMatchObject({ encounterId: 'e' });
    await expect(resolve({ encounterId: ' ' })).rejects.toEqual(failure('EncounterIdentityNotDefinedException'));
  });
});

describe('Create', () => {
  const create = { resolution: 'Create' } as const;

  it('makes Patient and Device, with ids of their identifiers as AHDS makes them, once', async () => {
    const { fhir, resolve } = opened(create);
    expect(await resolve({ patientId: 'user123' })).toEqual({ deviceId, patientId });
    expect(fhir.all('Patient')).toEqual([
      { resourceType: 'Patient', id: patientId, identifier: [{ value: 'user123' }] },
    ]);
    expect(fhir.all('Device')).toEqual([
      {
        resourceType: 'Device',
        id: deviceId,
        identifier: [{ value: 'device123' }],
        patient: { reference: `Patient/${patientId}` },
      },
    ]);
    await opened({ ...create, fhir }).resolve({ patientId: 'user123' });
    expect(fhir.writes).toBe(2);
  });

  it('uses the patient that is there, links a device that has none, and gives a new one its system', async () => {
    const linked = opened(create, patient('p', 'user123'), device('d'));
    expect(await linked.resolve({ patientId: 'user123' })).toEqual({ deviceId: 'd', patientId: 'p' });
    expect(linked.fhir.all('Device')).toMatchObject([{ id: 'd', patient: { reference: 'Patient/p' } }]);
    const made = opened({ ...create, defaultDeviceIdentifierSystem: 'urn:d' }, patient('p', 'user123'));
    await made.resolve({ patientId: 'user123' });
    expect(made.fhir.all('Device')).toMatchObject([{ identifier: [{ system: 'urn:d', value: 'device123' }] }]);
  });

  it('needs a patient id only where something is to be made', async () => {
    expect(await opened(create, device('d', 'Patient/p')).resolve({})).toEqual({ deviceId: 'd', patientId: 'p' });
    await expect(opened(create).resolve({})).rejects.toEqual(failure('PatientIdentityNotDefinedException'));
  });

  it('does not take a device from another patient', async () => {
    const odd = opened(create, device('d', 'http://x/Patient/other'));
    await expect(odd.resolve({ patientId: 'user123' })).rejects.toEqual(failure('PatientDeviceMismatchException'));
  });

  it('many at once make one patient and one device', async () => {
    const { fhir, resolve } = opened(create);
    const owners = await Promise.all(Array.from({ length: 8 }, () => resolve({ patientId: 'user123' })));
    expect(new Set(owners.map((owner) => JSON.stringify(owner))).size).toBe(1);
    expect(fhir.writes).toBe(2);
  });

  it('a failure is not remembered', async () => {
    const { fhir, resolve } = opened(create);
    fhir.before = unavailable;
    await expect(resolve({ patientId: 'user123' })).rejects.toThrow(/not there/);
    fhir.before = () => {};
    expect(await resolve({ patientId: 'user123' })).toEqual({ deviceId, patientId });
  });
});

describe('strictIdentity', () => {
  const known = [device('d', 'Patient/p'), patient('p', 'mine'), patient('q', 'other')];

  it('refuses a measurement that names another patient than that of its device', async () => {
    for (const resolution of ['Create', 'Lookup'] as const) {
      const { resolve } = opened({ resolution }, ...known);
      expect(await resolve({ patientId: 'mine' })).toEqual({ deviceId: 'd', patientId: 'p' });
      await expect(resolve({ patientId: 'other' })).rejects.toEqual(failure('PatientDeviceMismatchException'));
    }
  });

  it('refuses a patient that nobody knows where it would be made, not where it is only looked up', async () => {
    const create = opened({ resolution: 'Create' }, ...known);
    await expect(create.resolve({ patientId: 'new' })).rejects.toEqual(failure('PatientDeviceMismatchException'));
    expect(await opened({}, ...known).resolve({ patientId: 'new' })).toMatchObject({ patientId: 'p' });
  });

  it('refuses an encounter of another patient', async () => {
    const { resolve } = opened({}, ...known, encounter('e', 'visit', 'Patient/q'), encounter('f', 'mine', 'Patient/p'));
    await expect(resolve({ encounterId: 'visit' })).rejects.toEqual(failure('PatientEncounterMismatchException'));
    expect(await resolve({ encounterId: 'mine' })).toMatchObject({ encounterId: 'f' });
  });

  it('sees a change of the encounter, and gives a new device its encounter', async () => {
    const { resolve } = opened({ resolution: 'Create' }, encounter('e', 'one'), encounter('f', 'two'));
    expect(await resolve({ patientId: 'user123', encounterId: 'one' })).toMatchObject({ encounterId: 'e' });
    expect(await resolve({ patientId: 'user123', encounterId: 'two' })).toMatchObject({ encounterId: 'f' });
  });

  it('sees within minutes that a device has another patient', async () => {
    let now = 0;
    const { fhir, resolve } = opened({ now: () => new Date(now) }, ...known);
    expect(await resolve({})).toMatchObject({ patientId: 'p' });
    fhir.put(device('d', 'Patient/q'));
    now = 4 * 60_000;
    expect(await resolve({})).toMatchObject({ patientId: 'p' });
    now = 5 * 60_000;
    expect(await resolve({})).toMatchObject({ patientId: 'q' });
  });

  it('false: the patient is that of the device, the encounter the first one for two hours, none of a new device', async () => {
    let now = 0;
    const loose = { strictIdentity: false, now: () => new Date(now) };
    const found = opened(loose, ...known, encounter('e', 'one', 'Patient/q'), encounter('f', 'two'));
    const first = { deviceId: 'd', patientId: 'p', encounterId: 'e' };
    expect(await found.resolve({ patientId: 'other', encounterId: 'one' })).toEqual(first);
    expect(await found.resolve({ encounterId: 'two' })).toEqual(first);
    now = 2 * 3600_000;
    expect(await found.resolve({ encounterId: 'two' })).toMatchObject({ encounterId: 'f' });
    const made = opened({ ...loose, resolution: 'Create' }, encounter('e', 'one'));
    expect(await made.resolve({ patientId: 'user123', encounterId: 'one' })).toEqual({ deviceId, patientId });
  });
});
