/** Who an Observation is: the same readings find the same Observation again, whichever process writes them. */
import { createHash } from 'node:crypto';

/** The system of the Observations' identifiers and of the codes that are types and value names. */
export const serviceSystem = 'https://azure.microsoft.com/en-us/services/iomt-fhir-connector/';

export interface Owner {
  /** Logical ids of FHIR resources. */
  readonly patientId: string;
  readonly deviceId: string;
  readonly encounterId?: string;
}

export function observationIdentifier(owner: Owner, { type, segment }: { type: string; segment: string }): string {
  return `${owner.patientId}.${owner.deviceId}.${type}.${segment}`;
}

/** The id of a resource that is made for an identifier: 64 hexadecimal digits. */
export function idOfIdentifier(value: string, system = ''): string {
  return createHash('sha256').update(`${system}_${value}`).digest('hex');
}
