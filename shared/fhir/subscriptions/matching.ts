/**
 * Which versions of the log a subscription is told of. Decided in memory on index entries; only a chain or `_has` asks the
 * store, once for all candidates of a page. Such links look at the other resources as they are now.
 */
import { type Indexed, type Link, linksIn, meets } from '../../stores/resources/meets.ts';
import type { Condition } from '../../stores/resources/query.ts';
import type { ResourceStore, StoredResource } from '../../stores/resources/resource-store.ts';
import type { AskedSubscription } from './subscription.ts';

export type EntriesOf = (version: StoredResource) => Indexed['index'];

/** The versions among `page`, in order, that are changes which `asked` is about. Deletions are none. */
export async function matching(
  store: ResourceStore,
  asked: Pick<AskedSubscription, 'type' | 'where' | 'on'>,
  page: readonly StoredResource[],
  entriesOf: EntriesOf,
): Promise<StoredResource[]> {
  const candidates = page.filter(
    ({ type, deleted, version }) =>
      type === asked.type && !deleted && (asked.on === 'change' || (asked.on === 'create') === (version === 1)),
  );
  const { where } = asked;
  if (where === undefined || candidates.length === 0) return candidates;
  const linked = await linkedIds(store, where, candidates);
  return candidates.filter((version) => {
    const { type, id, updated } = version;
    const resource = { type, id, updated, index: entriesOf(version) };
    return meets(resource, where, (link) => linked.get(link)?.has(id) === true);
  });
}

/** For each link the ids of the candidates that meet it. */
async function linkedIds(
  store: ResourceStore,
  where: Condition,
  candidates: readonly StoredResource[],
): Promise<ReadonlyMap<Link, ReadonlySet<string>>> {
  const ids = [...new Set(candidates.map(({ id }) => id))];
  const found = new Map<Link, ReadonlySet<string>>();
  for (const link of linksIn(where)) {
    const query = {
      types: [...new Set(candidates.map(({ type }) => type))],
      where: { kind: 'and', of: [{ kind: 'id', ids }, link] },
      sort: [],
    } as const;
    const { matches } = await store.search(query, ids.length);
    found.set(link, new Set(matches.map(({ id }) => id)));
  }
  return found;
}
