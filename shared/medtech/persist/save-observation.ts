/** Writes the readings of a group: a new Observation, or a new version of the one that is there. */
import { formatJson } from '../../fhir/resource/json.ts';
import type { Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import { createObservation } from '../fhir-mapping/create-observation.ts';
import type { CodeValueTemplate } from '../fhir-mapping/fhir-mapping.ts';
import { mergeObservation } from '../fhir-mapping/merge-observation.ts';
import { type Owner, observationIdentifier, serviceSystem } from '../fhir-mapping/observation-identity.ts';
import type { ObservationGroup } from '../group/observation-groups.ts';
import { type Current, type FhirPort, FhirUnavailable, type Saved } from './fhir-port.ts';
import { Recent } from './recent.ts';

/** AHDS: the `Name` of the metric `FhirResourceSaved`. */
export type SavedAs = 'ObservationCreated' | 'ObservationUpdated' | 'ObservationNoOperation';

export interface ObservationSaver {
  /** Where the FHIR service cannot answer: `FhirUnavailable`. Readings that were saved before are a `NoOperation` the next time. */
  save(template: CodeValueTemplate, group: ObservationGroup, owner: Owner): Promise<SavedAs>;
}

export interface ObservationSaverOptions {
  readonly fhir: FhirPort;
  /** Observations that are kept in memory. */
  readonly cacheSize: number;
  readonly now: () => Date;
  /** Two writers created the same Observation: one of them may not have seen the readings of the other. */
  readonly onContention: () => void;
}

/** AHDS: a write that meets another one is tried three times in all. */
const attempts = 3;
/** AHDS: an hour from when it was written. */
const cacheLifetime = 3600 * 1000;
/** Characters of JSON of all that is kept. */
const cacheWeight = 16 * 1024 * 1024;

export function openObservationSaver({
  fhir,
  cacheSize,
  now,
  onContention,
}: ObservationSaverOptions): ObservationSaver {
  const cache = new Recent<Current>({
    entries: cacheSize,
    lifetime: cacheLifetime,
    sliding: false,
    weight: cacheWeight,
    now: () => now().getTime(),
  });

  async function existing(identifier: string): Promise<Current | undefined> {
    const [found, ...others] = await fhir.search('Observation', { system: serviceSystem, value: identifier });
    if (others.length === 0) return found;
    throw new MedtechError('MultipleObservationFoundException', 'Several Observations have the identifier.');
  }

  async function saved(identifier: string, resource: Resource, done: Saved): Promise<boolean> {
    if (!done.done) {
      cache.delete(identifier);
      return false;
    }
    if (done.contended) onContention();
    cache.set(identifier, { resource, version: done.version }, formatJson(resource).length);
    return true;
  }

  return {
    save: async (template, group, owner) => {
      const identifier = observationIdentifier(owner, group);
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const current = cache.get(identifier) ?? (await existing(identifier));
        if (!current) {
          const created = createObservation(template, group, owner, now().toISOString());
          if (await saved(identifier, created, await fhir.create(created))) return 'ObservationCreated';
          continue;
        }
        const merged = mergeObservation(template, group, current.resource);
        if (!merged) return 'ObservationNoOperation';
        if (await saved(identifier, merged, await fhir.replace(merged, current.version))) return 'ObservationUpdated';
      }
      throw new FhirUnavailable('The Observation is being changed by many writers at once.');
    },
  };
}
