/**
 * The resources that a page of matches brings along. FHIR R4 3.1.1.5.5: `_include` and `_revinclude` apply to the matches,
 * with `:iterate` to included resources too, until nothing new is found.
 */
import type { Include } from '../../stores/resources/query.ts';
import type { Cursor, ResourceStore, StoredResource } from '../../stores/resources/resource-store.ts';
import type { AskedInclude } from './include.ts';
import { pageBytes } from './page.ts';

export interface Inclusion {
  readonly resources: readonly StoredResource[];
  readonly truncated: boolean;
  /** Where the further ones begin, when they can be asked for: not with `:iterate`. */
  readonly next: Cursor | undefined;
}

type Found = readonly StoredResource[];

/** Rounds of `:iterate`, so that two includes that feed each other come to an end. */
const maxRounds = 10;
const nothing: Inclusion = { resources: [], truncated: false, next: undefined };

export async function includedWith(
  store: Pick<ResourceStore, 'include'>,
  matches: Found,
  asked: readonly AskedInclude[],
  limit: number,
  after?: Cursor,
): Promise<Inclusion> {
  if (matches.length === 0 || asked.length === 0) return nothing;
  if (asked.some(({ iterate }) => iterate)) return iterated(store, matches, asked, limit);
  const { resources, next } = await store.include(matches, includesOf(asked), limit, { after, mostBytes: pageBytes });
  return { resources, truncated: next !== undefined, next };
}

async function iterated(
  store: Pick<ResourceStore, 'include'>,
  matches: Found,
  asked: readonly AskedInclude[],
  limit: number,
): Promise<Inclusion> {
  const found: StoredResource[] = [];
  let truncated = false;
  const include = async (from: Found, includes: readonly Include[]): Promise<Found> => {
    if (truncated || from.length === 0 || includes.length === 0) return [];
    const left = limit - found.length;
    const { resources, next } = await store.include(from, includes, Math.max(left, 1), {
      besides: [...matches, ...found],
      mostBytes: pageBytes,
    });
    truncated = next !== undefined || resources.length > left;
    const taken = resources.slice(0, left);
    found.push(...taken);
    return taken;
  };

  const circular = asked.filter((one) => one.iterate && one.circular);
  const others = asked.filter((one) => !circular.includes(one));
  const again = others.filter(({ iterate }) => iterate);
  let byOthers = await include(matches, includesOf(others));
  let byCircular = await include(matches, includesOf(circular));
  for (let round = 1; byOthers.length + byCircular.length > 0; round += 1) {
    if (round > maxRounds) return { resources: found, truncated: true, next: undefined };
    const from = byOthers;
    byOthers = await include([...from, ...byCircular], includesOf(again));
    byCircular = await include(from, includesOf(circular));
  }
  return { resources: found, truncated, next: undefined };
}

function includesOf(asked: readonly AskedInclude[]): readonly Include[] {
  return asked.map(({ include }) => include);
}
