/** The answer to a search as text. Stored texts go into it as they are; only a subset of elements needs parsing. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { type Issue, operationOutcome } from '../outcome.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import { type Subset, subsetText } from '../resource/subset.ts';
import { resourceText } from '../resource/text.ts';

export interface SearchResult {
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
  readonly total: number | undefined;
  /** Absolute URLs in their order. */
  readonly links: readonly (readonly [relation: string, url: string])[];
  readonly issues: readonly Issue[];
}

export interface SearchBundleOptions {
  readonly base: string;
  readonly requestId: string;
  readonly now: Date;
  readonly subset: Subset | undefined;
  readonly definitions: Definitions;
}

/** What the search has to say stands first, as its outcome entry. */
export function searchBundle(result: SearchResult, options: SearchBundleOptions): Uint8Array[] {
  const { requestId, now } = options;
  return bundleText({
    type: 'searchset',
    id: requestId,
    lastUpdated: now.toISOString(),
    ...(result.total !== undefined && { total: result.total }),
    links: result.links,
    entries: [
      ...(result.issues.length === 0 ? [] : [outcomeEntry(result.issues, options)]),
      ...result.matches.map((stored) => entryOf(stored, 'match', options)),
      ...result.included.map((stored) => entryOf(stored, 'include', options)),
    ],
  });
}

function entryOf(stored: StoredResource, mode: 'match' | 'include', options: SearchBundleOptions): BundleEntry {
  return {
    fullUrl: `${options.base}/${stored.type}/${stored.id}`,
    resource: options.subset ? subsetText(stored, options.subset, options.definitions) : resourceText(stored),
    search: { mode },
  };
}

function outcomeEntry(issues: readonly Issue[], { requestId, now }: SearchBundleOptions): BundleEntry {
  const outcome = operationOutcome(issues, requestId, now);
  return { resource: [Buffer.from(JSON.stringify(outcome))], search: { mode: 'outcome' } };
}
