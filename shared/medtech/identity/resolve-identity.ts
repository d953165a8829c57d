/**
 * Whose measurement it is: the Device, its Patient, and the Encounter where there is one, as logical ids of the FHIR service.
 * iomt-fhir: `Lookup` finds them, `LookupWithEncounter` demands an encounter, `Create` makes Patient and Device where they
 * are missing.
 */

import { isObject } from '../../fhir/resource/json.ts';
import type { JsonValue, Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import { idOfIdentifier, type Owner } from '../fhir-mapping/observation-identity.ts';
import type { MeasurementGroup } from '../group/measurement-groups.ts';
import { type Current, type FhirPort, FhirUnavailable } from '../persist/fhir-port.ts';
import { Recent } from '../persist/recent.ts';
import type { MedtechSettings } from '../service.ts';

export type Who = Pick<MeasurementGroup, 'deviceId' | 'patientId' | 'encounterId'>;

export interface IdentityOptions
  extends Pick<MedtechSettings, 'resolution' | 'strictIdentity' | 'defaultDeviceIdentifierSystem' | 'cacheSize'> {
  readonly fhir: FhirPort;
  readonly now: () => Date;
}

export interface Identities {
  resolve(who: Who): Promise<Owner>;
}

/** iomt-fhir: two hours from the last use, which may be for ever. Strict: a device that gets another patient is seen soon. */
const cacheLifetime = 2 * 3600 * 1000;
const strictLifetime = 5 * 60 * 1000;
/** Other writers may make or link the same resources. */
const attempts = 3;

export function openIdentities(options: IdentityOptions): Identities {
  const { cacheSize, strictIdentity, now } = options;
  const cache = new Recent<Owner>({
    entries: cacheSize,
    lifetime: strictIdentity ? strictLifetime : cacheLifetime,
    sliding: !strictIdentity,
    now: () => now().getTime(),
  });
  return {
    resolve: async (who) => {
      // iomt-fhir remembers by the device alone, so that another patient or encounter is not noticed for hours.
      const key = JSON.stringify(strictIdentity ? [who.deviceId, who.patientId, who.encounterId] : [who.deviceId]);
      const known = cache.get(key);
      if (known) return known;
      const owner = await new Resolution(options, who).owner();
      cache.set(key, owner);
      return owner;
    },
  };
}

type IdentityType = 'Device' | 'Patient' | 'Encounter';

/** One resolution, without what is remembered. */
class Resolution {
  readonly #options: IdentityOptions;
  readonly #who: Who;

  constructor(options: IdentityOptions, who: Who) {
    this.#options = options;
    this.#who = who;
  }

  async owner(): Promise<Owner> {
    const { resolution, strictIdentity } = this.#options;
    const { encounterId } = this.#who;
    const linked = await this.#linked();
    if (!linked) {
      const made = await this.#create();
      // iomt-fhir gives a device that it has just made no encounter.
      return strictIdentity ? { ...made, ...(await this.#encounter(made.patientId)) } : made;
    }
    const encounter = await this.#encounter(linked.patientId);
    if (resolution === 'LookupWithEncounter' && !encounterId?.trim()) {
      throw new MedtechError('EncounterIdentityNotDefinedException', 'The measurement has no encounter id.');
    }
    if (strictIdentity) await this.#requirePatient(linked.patientId);
    return { ...linked, ...encounter };
  }

  /** The device and the patient that it is linked to. In the mode Create undefined where one of them is missing. */
  async #linked(): Promise<Owner | undefined> {
    const mayCreate = this.#options.resolution === 'Create';
    const device = await this.#find('Device', this.#who.deviceId);
    const patientId = device && patientOf(device.resource);
    if (device && patientId !== undefined) return { deviceId: String(device.resource.id), patientId };
    if (mayCreate) return undefined;
    if (device) throw new MedtechError('PatientNotFoundException', 'The Device is not linked to a Patient.');
    throw new MedtechError('DeviceNotFoundException', 'No Device has the identifier of the measurement.');
  }

  async #encounter(patientId: string): Promise<Pick<Owner, 'encounterId'>> {
    const { encounterId } = this.#who;
    if (!encounterId?.trim()) return {};
    const encounter = await this.#find('Encounter', encounterId);
    if (!encounter) {
      throw new MedtechError('EncounterNotFoundException', 'No Encounter has the identifier of the measurement.');
    }
    if (this.#options.strictIdentity) {
      const subject = patientIn(encounter.resource.subject);
      if (subject !== undefined && subject !== patientId) {
        throw new MedtechError(
          'PatientEncounterMismatchException',
          'The Encounter is not of the Patient of the Device.',
        );
      }
    }
    return { encounterId: String(encounter.resource.id) };
  }

  /**
   * iomt-fhir gives the measurement to the patient of the device, whatever patient it names. Where looking up is all that is
   * allowed, a patient that the FHIR service does not know is no other one.
   */
  async #requirePatient(linkedId: string): Promise<void> {
    const { patientId } = this.#who;
    if (!patientId?.trim() || idOfIdentifier(patientId) === linkedId) return;
    const named = await this.#options.fhir.search('Patient', { value: patientId });
    if (named.some(({ resource }) => resource.id === linkedId)) return;
    if (named.length > 0 || this.#options.resolution === 'Create') throw mismatch();
  }

  async #create(): Promise<Owner> {
    const { patientId: named } = this.#who;
    if (!named?.trim()) {
      throw new MedtechError('PatientIdentityNotDefinedException', 'The measurement has no patient id.');
    }
    const { deviceId, patientId } = await this.#ensureBoth(named);
    return { deviceId, patientId };
  }

  async #ensureBoth(named: string): Promise<Owner> {
    const { deviceId, defaultDeviceIdentifierSystem } = { ...this.#options, ...this.#who };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const patient = await this.#ensure('Patient', named);
      const patientId = String(patient.resource.id);
      const link = { patient: { reference: `Patient/${patientId}` } };
      const device = await this.#ensure('Device', deviceId, link, defaultDeviceIdentifierSystem);
      const linkedId = patientOf(device.resource);
      const owner = { deviceId: String(device.resource.id), patientId };
      if (linkedId === patientId) return owner;
      if (device.resource.patient !== undefined) throw mismatch();
      const saved = await this.#options.fhir.replace({ ...device.resource, ...link }, device.version);
      if (saved.done) return owner;
    }
    throw new FhirUnavailable('The Device is being changed by many writers at once.');
  }

  /** The resource with the identifier, made where there is none. */
  async #ensure(type: 'Device' | 'Patient', value: string, content: object = {}, system?: string): Promise<Current> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const id = idOfIdentifier(value, system);
      const found = (await this.#find(type, value)) ?? (await this.#options.fhir.read(type, id));
      if (found) return found;
      const identifier = [{ ...(system !== undefined && { system }), value }];
      const resource: Resource = { resourceType: type, id, identifier, ...content };
      const saved = await this.#options.fhir.create(resource);
      if (saved.done) return { resource, version: saved.version };
    }
    throw new FhirUnavailable(`The ${type} is being changed by many writers at once.`);
  }

  async #find(type: IdentityType, value: string): Promise<Current | undefined> {
    const system = type === 'Device' ? this.#options.defaultDeviceIdentifierSystem : undefined;
    const [found, ...others] = await this.#options.fhir.search(type, {
      value,
      ...(system !== undefined && { system }),
    });
    if (others.length === 0) return found;
    throw new MedtechError(`Multiple${type}FoundException`, `Several resources of type ${type} have the identifier.`);
  }
}

function mismatch(): MedtechError {
  return new MedtechError('PatientDeviceMismatchException', 'The Device is linked to another Patient.');
}

function patientOf({ patient }: Resource): string | undefined {
  return patientIn(patient);
}

/** Only a relative reference counts, as in AHDS. */
function patientIn(reference: JsonValue | undefined): string | undefined {
  const text = isObject(reference) ? reference.reference : undefined;
  return typeof text === 'string' ? /^Patient\/([A-Za-z0-9_.~#-]+)$/.exec(text)?.[1] : undefined;
}
