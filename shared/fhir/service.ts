/** One FHIR service instance: everything its interactions work with. Made once at start (`open-fhir-service.ts`). */
import type { IndexEntry } from '../stores/resources/index-entry.ts';
import type { ResourceStore } from '../stores/resources/resource-store.ts';
import type { Definitions } from './definitions/definitions.ts';
import type { Issue } from './outcome.ts';
import type { Resource } from './resource/types.ts';

export interface FhirSettings {
  /** Entries that a batch or transaction may have. AHDS: 500. */
  readonly maxBundleEntries: number;
}

export interface FhirService {
  /** The instance's name in workspace.json, its first path segment. */
  readonly name: string;
  readonly store: ResourceStore;
  readonly definitions: Definitions;
  readonly settings: FhirSettings;
  /** Signs continuation tokens; 32 random bytes that stay the same over restarts. */
  readonly signingKey: Uint8Array;
  /** The index entries of a resource. `base` is the service's absolute URL: references below it are its own. */
  readonly index: (resource: Resource, base: string) => IndexEntry[];
  /** What is wrong with the resource; empty when it may be stored. */
  readonly validate: (resource: Resource) => Issue[];
  readonly now: () => Date;
}
