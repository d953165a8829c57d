/**
 * The profiles of resources that the service stores, for the CapabilityStatement: `supportedProfile` by type, and the
 * versions of US Core that it instantiates. Source: FHIR R4 CapabilityStatement; AHDS lists the same.
 */
import type { Condition, Query } from '../../stores/resources/query.ts';
import type { Cursor, StoredResource } from '../../stores/resources/resource-store.ts';
import { resourceText } from '../resource/text.ts';
import type { JsonObject } from '../resource/types.ts';
import type { FhirService } from '../service.ts';

export interface StoredProfiles {
  /** Canonicals, sorted. */
  readonly byType: ReadonlyMap<string, readonly string[]>;
  readonly instantiates: readonly string[];
}

/** Profiles that are listed. */
const maxProfiles = 5000;
const pageSize = 50;

const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const usCoreServer = 'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server';

const is = (code: string, value: string): Condition => ({
  kind: 'value',
  param: `StructureDefinition.${code}`,
  test: { kind: 'token', code: value },
});

const profilesOfResources: Query = {
  types: ['StructureDefinition'],
  where: { kind: 'and', of: [is('kind', 'resource'), is('derivation', 'constraint')] },
  sort: [],
};

/** A profile is large and none of its numbers is looked at: the engine's own parser is several times faster. */
function parsed(stored: StoredResource): JsonObject {
  return JSON.parse(Buffer.concat(resourceText(stored)).toString('utf8'));
}

export async function storedProfiles({ store }: FhirService): Promise<StoredProfiles> {
  const byType = new Map<string, Set<string>>();
  const versions = new Set<string>();
  let after: Cursor | undefined;
  let seen = 0;
  do {
    const page = await store.search(profilesOfResources, pageSize, after);
    for (const { url, type, version } of page.matches.map(parsed)) {
      if (typeof url !== 'string' || typeof type !== 'string') continue;
      byType.set(type, (byType.get(type) ?? new Set()).add(url));
      if (url.startsWith(usCore) && typeof version === 'string') versions.add(version);
    }
    seen += page.matches.length;
    after = page.next;
  } while (after && seen < maxProfiles);
  return {
    byType: new Map([...byType].map(([type, urls]) => [type, [...urls].sort()])),
    instantiates: [...versions].sort().map((version) => `${usCoreServer}|${version}`),
  };
}
