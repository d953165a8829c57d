/** The end of a reindex: what waited for it changes its state, and SearchParameters that were deleted go. */
import type { ParameterRecord, ParameterState } from '../../stores/resources/parameter-status.ts';
import type { Change } from '../../stores/resources/resource-store.ts';
import { tombstone } from '../interactions/delete.ts';
import type { FhirService } from '../service.ts';

const next: Partial<Record<ParameterState, ParameterState>> = {
  Supported: 'Enabled',
  PendingDisable: 'Disabled',
  PendingDelete: 'Deleted',
};

export function isWaiting(state: ParameterState): boolean {
  return state in next;
}

const attempts = 20;

/** `waiting`: URL → version of its record when the reindex began. One that has changed since waits for the next reindex. */
export async function completeParameters(
  service: FhirService,
  waiting: Readonly<Record<string, number>>,
): Promise<void> {
  const { parameters, commit, store } = service;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await parameters.refresh();
    const at = parameters.version;
    const set: ParameterRecord[] = [];
    const changes: Change[] = [];
    for (const { url, state, resource, version } of parameters.records) {
      const after = next[state];
      if (waiting[url] !== version || after === undefined) continue;
      set.push({ url, state: after, resource: after === 'Deleted' ? null : resource });
      if (after !== 'Deleted' || resource === null) continue;
      const key = { type: 'SearchParameter', id: resource };
      const current = await store.read(key);
      if (current && !current.deleted) changes.push(tombstone(service, key, current.version));
    }
    if (set.length === 0 || (await commit(changes, [], { at, set })).done) return;
  }
  throw new Error('The search parameters kept changing while their reindex was being completed.');
}
