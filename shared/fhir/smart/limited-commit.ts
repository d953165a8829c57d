/**
 * Writes within a token's limits. What is written over or deleted must be within them, and what is written too. Deviations,
 * where AHDS lets more pass: an update of an id that is not within the limits is 404 whether there is such a resource or
 * not, so that nobody learns of others' ids; a patient's app writes nothing into another patient's compartment.
 */
import type { SmartLimits } from '../../access/smart/smart-limits.ts';
import { type Indexed, meets } from '../../stores/resources/meets.ts';
import type { Change, ResourceKey, StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import type { FhirService } from '../service.ts';
import type { LimitedStore } from './limited-store.ts';
import type { Purpose, ResourceLimits } from './resource-limits.ts';

type Put = Change & { readonly kind: 'put' };

export interface WriteLimits {
  readonly service: FhirService;
  readonly store: LimitedStore;
  readonly limits: ResourceLimits;
  readonly smart: SmartLimits;
  /** Ids that the service chose for this request. */
  readonly chosen: ReadonlySet<string>;
}

/** What a write goes on top of. Throws 403 where the resource can be read but not written. */
export async function currentWithin({ store }: WriteLimits, key: ResourceKey): Promise<StoredResource | undefined> {
  const current = (await store.readFor(key, 'update')) ?? (await store.readFor(key, 'delete'));
  if (current) return current;
  if (await store.read(key)) throw forbidden('The token does not allow this resource to be changed.');
  return undefined;
}

export function commitWithin(writing: WriteLimits): FhirService['commit'] {
  return async (changes, guards = [], parameters) => {
    for (const change of changes) await check(writing, change);
    const limited = guards.map(({ query, found }) => {
      return { query: writing.store.limited(query) ?? { ...query, where: { kind: 'nothing' } as const }, found };
    });
    return writing.service.commit(changes, limited, parameters);
  };
}

async function check(writing: WriteLimits, change: Change): Promise<void> {
  const { key, kind, expected } = change;
  if (kind !== 'put') throw forbidden('An app may not remove versions.');
  if (change.body === undefined) {
    if (!(await writing.store.readFor(key, 'delete'))) throw forbidden('The token does not allow this to be deleted.');
    return;
  }
  const isNew = expected === 0;
  if (isNew && !writing.chosen.has(key.id)) {
    throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  }
  const current = isNew ? undefined : await writing.store.readFor(key, 'update');
  if (!isNew && !current) throw forbidden('The token does not allow this update.');
  checkContent(writing, change, isNew ? 'create' : 'update');
  if (writing.smart.user?.type === 'Patient') checkOwners(writing, change, writing.smart.user.id, current);
}

function checkContent({ limits, service }: WriteLimits, { key, index }: Put, purpose: Purpose): void {
  if (key.type === 'Subscription' && !limits.seesAll) {
    throw forbidden('A subscription needs a token that may read every resource.');
  }
  const { types, where } = limits.within([key.type], purpose);
  const resource: Indexed = { ...key, updated: service.now().getTime(), index };
  if (types?.length === 0 || (where && !meets(resource, where, () => false))) {
    throw forbidden('The resource would not be within what the token allows.');
  }
}

/** Patients in whose compartment the resource is already stay. */
function checkOwners(
  { limits, store }: WriteLimits,
  { key, index }: Put,
  user: string,
  current: StoredResource | undefined,
): void {
  const keys: ReadonlySet<string> = new Set(limits.ownerKeys('Patient', key.type));
  const before = current ? ownersIn(keys, store.entriesOf(current)) : [];
  const added = ownersIn(keys, index).some((id) => id !== user && !before.includes(id));
  if (added) throw forbidden("The resource would be in another patient's compartment.");
}

function ownersIn(keys: ReadonlySet<string>, index: Indexed['index']): string[] {
  return index.flatMap((entry) => {
    const isOwner = entry.kind === 'reference' && entry.base === null && entry.type === 'Patient';
    return isOwner && keys.has(entry.param) ? [entry.id] : [];
  });
}

function forbidden(diagnostics: string): FhirError {
  return new FhirError('forbidden', diagnostics);
}
