/** Versioning policies, per type, from `versioning` in workspace.json. FHIR R4 ResourceVersionPolicy; default as in AHDS. */
import type { FhirService } from '../service.ts';

export type VersioningPolicy = 'versioned' | 'versioned-update' | 'no-version';

export function versioningOf({ settings: { versioning } }: FhirService, type: string): VersioningPolicy {
  return versioning?.[type] ?? versioning?.default ?? 'versioned';
}

/** Whether the version that a write replaces is kept. */
export function keepsHistory(service: FhirService, type: string): boolean {
  return versioningOf(service, type) !== 'no-version';
}
