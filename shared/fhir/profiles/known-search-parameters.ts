/** Search parameters as other definitions speak of them: by their canonical URL. */
import type { Definitions } from '../definitions/definitions.ts';
import type { Resource } from '../resource/types.ts';

export interface KnownSearchParameter {
  readonly type: string;
  /** Resource types, `Resource` and `DomainResource` among them. */
  readonly bases: ReadonlySet<string>;
}

/** R4's own, by url. */
export function publishedSearchParameters({
  resourceTypes,
  searchParameters,
}: Definitions): ReadonlyMap<string, KnownSearchParameter> {
  const known = new Map<string, { type: string; bases: Set<string> }>();
  for (const { url, type, base } of resourceTypes.flatMap((name) => [...searchParameters(name).values()])) {
    const before = known.get(url);
    if (before) before.bases.add(base);
    else known.set(url, { type, bases: new Set([base]) });
  }
  return known;
}

export function storedSearchParameter({ type, base }: Resource): KnownSearchParameter {
  return { type: String(type), bases: new Set(Array.isArray(base) ? base.map(String) : []) };
}
