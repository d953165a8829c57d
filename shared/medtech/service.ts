/** One MedTech service instance: everything its operations and its pipeline work with. Made once at start (`open-medtech-service.ts`). */
import type { DeadLetters } from './dead-letter/dead-letters.ts';
import type { DeviceEvent } from './device-event.ts';
import type { Ingest } from './ingest/ingest.ts';

/** How the Device and the Patient of a measurement are found. AHDS: `Create` and `Lookup`; iomt-fhir has the third. */
export const resolutions = ['Create', 'Lookup', 'LookupWithEncounter'] as const;
export type Resolution = (typeof resolutions)[number];

export interface MedtechSettings {
  readonly eventHub: string;
  readonly consumerGroup: string;
  /** Where Observations go: the name of a FHIR service of this workspace, or the URL of another. */
  readonly fhirService: string;
  readonly resolution: Resolution;
  /** Refuses a measurement whose patient or encounter is not the one that its device is known with. AHDS: does not. */
  readonly strictIdentity: boolean;
  /** Observations of single measurements are told apart by fractions of a second. AHDS: by seconds. */
  readonly subSecondIdentity: boolean;
  /** The system of device identifiers; absent: any. */
  readonly defaultDeviceIdentifierSystem?: string;
  /** Devices, and observations, that are kept in memory. */
  readonly cacheSize: number;
  /** The mappings' files, absolute paths. Without them the service starts and waits for them. */
  readonly deviceMapping?: string;
  readonly fhirMapping?: string;
}

export interface MedtechService {
  /** The instance's name in workspace.json, its first path segment. */
  readonly name: string;
  readonly settings: MedtechSettings;
  /** A batch of events to the end. Rejects when the batch is to come again. */
  readonly receive: (events: readonly DeviceEvent[]) => Promise<void>;
  /** The same, telling what could not be used. */
  readonly ingest: Ingest;
  readonly letters: DeadLetters;
  readonly close: () => Promise<void>;
}
