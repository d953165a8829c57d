/** An entry of a transaction: first which resource it is about, then what it changes there. */
import type { Guard, StoredResource } from '../../stores/resources/resource-store.ts';
import { checkProfiles } from '../interactions/check-profiles.ts';
import { conditionalCreateMatch } from '../interactions/conditional-create.ts';
import { conditionalPatchMatch } from '../interactions/conditional-patch.ts';
import { conditionalUpdateMatch } from '../interactions/conditional-update.ts';
import { planCreate } from '../interactions/create.ts';
import { planDelete } from '../interactions/delete.ts';
import { planPatch } from '../interactions/patch.ts';
import { keyOf, resourceOf, typeOf } from '../interactions/resource-type.ts';
import { idOfUpdate, planUpdate } from '../interactions/update.ts';
import type { WritePlan } from '../interactions/write-plan.ts';
import type { EntryRequest } from './entry-request.ts';

export interface Target {
  readonly type: string;
  readonly id: string;
  /** What a conditional create found: then nothing is written. */
  readonly existing?: StoredResource;
  /** What a conditional patch found. */
  readonly patched?: StoredResource;
  readonly guards: readonly Guard[];
}

const writes: ReadonlySet<string> = new Set([
  'create',
  'update',
  'conditional-update',
  'patch',
  'conditional-patch',
  'delete',
]);

/** The other rows read, `$operations` as well. */
export function isWrite({ row }: EntryRequest): boolean {
  return writes.has(row.name);
}

/** The resource that the entry writes; undefined for an entry that only reads. Criteria are resolved here. */
export async function identify(entry: EntryRequest): Promise<Target | undefined> {
  const { row, request, sentId } = entry;
  if (!isWrite(entry)) return undefined;
  const type = typeOf(request);
  switch (row.name) {
    case 'create': {
      if (request.header('if-none-exist') === undefined) return { type, id: request.service.newId(), guards: [] };
      const { match, guard } = await conditionalCreateMatch(request);
      return match
        ? { type, id: match.id, existing: match, guards: [] }
        : { type, id: request.service.newId(), guards: [guard] };
    }
    case 'conditional-update': {
      const { id, guard } = await conditionalUpdateMatch(request, type, sentId);
      return { type, id, guards: [guard] };
    }
    case 'conditional-patch': {
      const { match, guard } = await conditionalPatchMatch(request, type);
      return { type, id: match.id, patched: match, guards: [guard] };
    }
    default:
      return { ...keyOf(request), guards: [] };
  }
}

/** What the entry changes at its target; undefined for an entry that only reads. */
export async function planOf(entry: EntryRequest, target: Target | undefined): Promise<WritePlan | undefined> {
  if (!target) return undefined;
  const { row, request } = entry;
  const { type, id, existing, guards } = target;
  if (existing) return { status: 200, changes: [], guards, existing };
  if (row.body === 'patch') {
    const current = target.patched ?? (await request.service.current({ type, id }));
    return { ...(await planPatch(request, { type, id }, current)), guards };
  }
  if (row.name === 'delete') return planDelete(request, { type, id });
  const resource = resourceOf(request, type);
  if (row.name === 'create') {
    await checkProfiles(request, resource);
    return { ...planCreate(request, resource, id), guards };
  }
  if (row.name === 'update') idOfUpdate(request, resource);
  return { ...(await planUpdate(request, resource, id)), guards };
}
