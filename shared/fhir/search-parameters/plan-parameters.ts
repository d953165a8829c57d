/**
 * What a write of SearchParameters means for the parameters themselves. A definition is checked before it is stored, and
 * its state changes in the same commit. FHIR R4, SearchParameter; AHDS: a new or changed one is Supported until a reindex
 * completes, a deleted one stays, PendingDelete, until then.
 */
import type { ParameterChange, ParameterRecord } from '../../stores/resources/parameter-status.ts';
import type { Change, StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { requireAccess } from '../interactions/require-access.ts';
import type { WritePlan } from '../interactions/write-plan.ts';
import { FhirError } from '../outcome.ts';
import { reindexKind } from '../reindex/reindex-definition.ts';
import { parseStored } from '../resource/text.ts';
import { codeConflict, codeConflictBetween } from './code-conflict.ts';
import { type CustomParameter, refused } from './custom-parameter.ts';

export interface PlannedParameters {
  readonly change: ParameterChange;
  /** The definitions that the plan stores. */
  readonly definitions: readonly CustomParameter[];
}

/** Makes the plan; for a write of SearchParameters also what becomes of their states. Throws for what is not allowed. */
export async function planParameters<Plan extends WritePlan | undefined>(
  request: FhirRequest,
  plan: () => Promise<Plan>,
): Promise<Plan> {
  if (request.type !== 'SearchParameter' || request.method === 'GET') return plan();
  requireAccess(request, [['reindex']]);
  const { parameters, jobs } = request.service;
  await parameters.refresh();
  const at = parameters.version;
  const planned = await plan();
  if (!planned) return planned;
  if (planned.changes.length === 0) {
    // AHDS differs from its other types: deleting a SearchParameter that is not there is 404.
    if (request.method !== 'DELETE' || request.id === undefined) return planned;
    throw new FhirError('not-found', 'There is no SearchParameter with this id.');
  }
  if (await jobs.active(reindexKind)) {
    throw new FhirError('conflict', 'A reindex job is running: search parameters can be changed when it has ended.');
  }
  const effects: Effect[] = [];
  for (const change of planned.changes) effects.push(await effectOf(request, change));
  const existing = effects.find((effect) => effect.existing)?.existing;
  return {
    ...planned,
    changes: effects.flatMap(({ change }) => change ?? []),
    ...(existing && { existing }),
    parameters: {
      change: { at, set: effects.flatMap(({ set }) => set) },
      definitions: effects.flatMap(({ definition }) => definition ?? []),
    },
  };
}

/** The parameters of all entries of a transaction. Throws (400) for two that cannot be there together. */
export function allParameters(planned: readonly PlannedParameters[]): PlannedParameters | undefined {
  if (planned.length === 0) return undefined;
  const definitions = planned.flatMap((each) => each.definitions);
  for (const [index, one] of definitions.entries()) {
    for (const other of definitions.slice(index + 1)) {
      const why = one.url === other.url ? 'both have the same url' : codeConflictBetween(one, other);
      if (why !== undefined) throw refused('invalid', `Two SearchParameters of the transaction conflict: ${why}.`);
    }
  }
  const at = Math.min(...planned.map(({ change }) => change.at));
  return { change: { at, set: planned.flatMap(({ change }) => change.set) }, definitions };
}

/** After a commit that was refused. AHDS: of two concurrent changes of a search parameter one is 400. */
export function refuseRaced({ service }: FhirRequest, planned: PlannedParameters | undefined): void {
  if (!planned) return;
  const { at, set } = planned.change;
  const raced = set.find(({ url }) => (service.parameters.record(url)?.version ?? 0) > at);
  if (raced)
    throw refused('invalid', `The search parameter ${raced.url} was changed by another request at the same time.`);
}

interface Effect {
  /** Undefined: the resource stays as it is for now. */
  readonly change: Change | undefined;
  readonly existing?: StoredResource;
  readonly set: readonly ParameterRecord[];
  readonly definition?: CustomParameter;
}

async function effectOf(request: FhirRequest, change: Change): Promise<Effect> {
  if (change.key.type !== 'SearchParameter' || change.kind === 'purge-history') return { change, set: [] };
  const { service } = request;
  const current = await service.current(change.key);
  const previous = current && !current.deleted ? parseStored(current).url : undefined;
  if (typeof previous === 'string' && service.parameters.isPublished(previous)) throw isPublished();
  if (change.kind === 'erase' || change.body === undefined) return deletion(request, change, current);
  return definitionChange(request, change, change.body);
}

function deletion({ service }: FhirRequest, change: Change, current: StoredResource | undefined): Effect {
  const record = service.parameters.recordOf(change.key.id);
  if (!record) return { change, set: [] };
  if (change.kind === 'erase') return { change, set: [{ ...record, state: 'PendingDelete', resource: null }] };
  const set = record.state === 'PendingDelete' ? [] : [{ ...record, state: 'PendingDelete' } as const];
  return { change: undefined, set, ...(current && { existing: current }) };
}

async function definitionChange(request: FhirRequest, change: Change, body: Uint8Array): Promise<Effect> {
  const { parameters } = request.service;
  const { id } = change.key;
  const resource = parseStored({
    ...change.key,
    version: 1,
    updated: 0,
    deleted: false,
    method: 'PUT',
    body,
    position: 0,
  });
  const definition = await parameters.read(resource);
  const { url } = definition;
  if (parameters.isPublished(url)) {
    if (request.method !== 'POST') throw isPublished();
    throw refused('invalid', `A search parameter of the specification has the url ${url}.`);
  }
  const taken = parameters.record(url);
  if (taken && taken.state !== 'Deleted' && taken.resource !== id) {
    const waiting = taken.state === 'PendingDelete' ? ' It is being deleted: reindex first.' : '';
    throw refused('invalid', `There is a search parameter with the url ${url} already.${waiting}`);
  }
  const conflict = codeConflict(definition, parameters);
  if (conflict !== undefined) throw refused('invalid', conflict);
  const before = parameters.recordOf(id);
  const retired = before && before.url !== url ? [{ ...before, state: 'PendingDelete', resource: null } as const] : [];
  return { change, set: [{ url, state: 'Supported', resource: id }, ...retired], definition };
}

function isPublished(): FhirError {
  return new FhirError(
    'method-not-allowed',
    'The search parameters of the specification cannot be changed or deleted.',
  );
}
