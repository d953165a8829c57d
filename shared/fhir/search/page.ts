/**
 * One page of a search, found forward behind the page before or backward before the page behind. Every page begins at a
 * place in the order, not at a number, so that what others write meanwhile neither repeats nor skips what stays unchanged.
 */
import type { Query } from '../../stores/resources/query.ts';
import type { Cursor, ResourceStore, StoredResource } from '../../stores/resources/resource-store.ts';

/** Where a page begins. `cursor` undefined: at the first resource, or, backward, at the last. */
export interface PageStart {
  readonly backward: boolean;
  readonly cursor: Cursor | undefined;
}

export interface Page {
  readonly matches: readonly StoredResource[];
  readonly next: PageStart | undefined;
  readonly previous: PageStart | undefined;
}

export const lastPage: PageStart = { backward: true, cursor: undefined };

/** Resources of a page, in bytes: it ends with the one that passes this, however many are asked for. */
export const pageBytes = 64 * 1024 * 1024;

/** `start` undefined: the first page. */
export async function readPage(
  store: Pick<ResourceStore, 'search'>,
  query: Query,
  count: number,
  start: PageStart | undefined,
): Promise<Page> {
  const opposite = inOppositeOrder(query);
  if (start?.backward && opposite) {
    const { matches, first, next } = await store.search(opposite, count, start.cursor, pageBytes);
    return {
      matches: matches.toReversed(),
      next: start.cursor && first && { backward: false, cursor: first },
      previous: next && { backward: true, cursor: next },
    };
  }
  const { matches, first, next } = await store.search(query, count, start?.cursor, pageBytes);
  return {
    matches,
    next: next && { backward: false, cursor: next },
    previous: start && opposite && first && { backward: true, cursor: first },
  };
}

/**
 * Undefined where it would not be exactly the opposite: of a resource's several values the smallest counts when ascending
 * and the greatest when descending.
 */
export function inOppositeOrder(query: Query): Query | undefined {
  if (query.sort.some(({ by }) => by === 'param')) return undefined;
  const sort = query.sort.length === 0 ? [{ by: 'updated', descending: false } as const] : query.sort;
  return { ...query, sort: sort.map((key) => ({ ...key, descending: !key.descending })) };
}

/** As a continuation token holds it. */
export function startCursor({ backward, cursor = [] }: PageStart): Cursor {
  return [backward ? -1 : 1, ...cursor];
}

export function startAt([direction, ...cursor]: Cursor): PageStart {
  return { backward: direction === -1, cursor: cursor.length === 0 ? undefined : cursor };
}
