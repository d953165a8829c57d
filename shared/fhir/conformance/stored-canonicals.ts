/**
 * The conformance resources that the service stores, by their canonical URL: profiles, value sets, code systems, maps,
 * search parameters. What was found is kept until a commit of this process touches the type, and for five minutes at most,
 * since another instance may have changed it (AHDS: the same refresh time).
 */
import type { Query } from '../../stores/resources/query.ts';
import type { Change, ResourceStore } from '../../stores/resources/resource-store.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';

export const canonicalTypes = [
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'SearchParameter',
  'Questionnaire',
] as const;
export type CanonicalType = (typeof canonicalTypes)[number];

export interface StoredCanonicals {
  /** The stored resource with that url; of several the one with the greatest `version`. `url|version` takes that version only. */
  find(type: CanonicalType, canonical: string): Promise<Resource | undefined>;
  /** Grows whenever what `find` answers may have changed; what was compiled from it is then stale. */
  generation(type: CanonicalType): number;
  /** To be told of every commit. */
  changed(changes: readonly Change[]): void;
}

const maxAgeMs = 5 * 60 * 1000;
const maxKept = 1000;
/** Versions of one canonical that are looked at. */
const maxVersions = 100;

export function storedCanonicals(store: ResourceStore, now: () => Date): StoredCanonicals {
  const kept = new Map<string, Promise<Resource | undefined>>();
  const generations = new Map<string, number>();
  let since = now().getTime();

  const forget = (type: string) => {
    generations.set(type, (generations.get(type) ?? 0) + 1);
    for (const key of kept.keys()) if (key.startsWith(`${type} `)) kept.delete(key);
  };
  const refresh = () => {
    if (now().getTime() - since < maxAgeMs) return;
    since = now().getTime();
    for (const type of canonicalTypes) forget(type);
  };

  return {
    find: (type, canonical) => {
      refresh();
      const key = `${type} ${canonical}`;
      const before = kept.get(key);
      if (before) return before;
      const found = findStored(store, type, canonical);
      if (kept.size >= maxKept) kept.clear();
      kept.set(key, found);
      found.catch(() => kept.delete(key));
      return found;
    },
    generation: (type) => {
      refresh();
      return generations.get(type) ?? 0;
    },
    changed: (changes) => {
      for (const type of new Set(changes.map(({ key }) => key.type))) {
        if ((canonicalTypes as readonly string[]).includes(type)) forget(type);
      }
    },
  };
}

async function findStored(store: ResourceStore, type: CanonicalType, canonical: string): Promise<Resource | undefined> {
  const [uri = '', version] = canonical.split('|');
  const query: Query = {
    types: [type],
    where: { kind: 'value', param: `${type}.url`, test: { kind: 'uri', match: 'exact', uri } },
    sort: [],
  };
  const { matches } = await store.search(query, maxVersions);
  const found = matches.map(parseStored).filter((one) => version === undefined || one.version === version);
  return found.toSorted((one, other) => compareVersions(other.version, one.version))[0];
}

/** `4.0.1` before `4.0.10`; one without a version is older than any with one. */
function compareVersions(one: unknown, other: unknown): number {
  return String(one ?? '').localeCompare(String(other ?? ''), 'en', { numeric: true });
}
