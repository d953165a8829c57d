/** The criteria of a conditional interaction: which current resources they match, and the guard that keeps it so. */
import type { Guard, StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { parseCriteria } from '../search/criteria.ts';
import { withLookups } from '../search/lookups.ts';
import { pageBytes } from '../search/page.ts';
import { definitionsFor } from './definitions-for.ts';
import type { FhirRequest } from './interaction.ts';

export interface Matches {
  /** At most `limit` of them. */
  readonly found: readonly StoredResource[];
  readonly guard: Guard;
}

type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * The matches of `pairs` among resources of `type`. Criteria with nothing that a search can use are 412; `strict`: those
 * with anything that it cannot use are 400.
 */
export async function matchesOf(
  request: FhirRequest,
  type: string,
  pairs: Pairs,
  { limit = 2, strict = false } = {},
): Promise<Matches> {
  const { service, base } = request;
  const definitions = definitionsFor(request);
  const { dateContainment, fullText } = service.settings;
  const { query, usable } = await withLookups(service, (lookups) =>
    parseCriteria({ definitions, type, pairs, base, strict, dateContainment, fullText, lookups }),
  );
  if (usable === 0)
    throw new FhirError('not-selective', 'The criteria hold no search parameter that selects resources.');
  // Of more than one or two, fewer are as good: who asks for up to a hundred asks again.
  const mostBytes = limit > 2 ? pageBytes : undefined;
  const { matches } = await service.store.search(query, limit, undefined, mostBytes);
  const guarded = matches.slice(0, 2).map(({ type, id }) => ({ type, id }));
  return { found: matches, guard: { query, found: guarded } };
}

/** The one match, if any. More than one is 412. */
export async function singleMatch(
  request: FhirRequest,
  type: string,
  pairs: Pairs,
): Promise<{ match: StoredResource | undefined; guard: Guard }> {
  const { found, guard } = await matchesOf(request, type, pairs);
  if (found.length > 1) throw new FhirError('multiple-matches', `The criteria match more than one ${type}.`);
  return { match: found[0], guard };
}
