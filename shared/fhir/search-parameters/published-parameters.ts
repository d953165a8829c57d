/** The specification's search parameters by URL; one URL may stand for many resource types. */
import type { Definitions, SearchParameterType } from '../definitions/definitions.ts';

export interface PublishedParameter {
  readonly code: string;
  readonly type: SearchParameterType;
  /** Resource types that have it. */
  readonly types: ReadonlySet<string>;
  /** There is an expression to find values by. */
  readonly usable: boolean;
}

const made = new WeakMap<Definitions, ReadonlyMap<string, PublishedParameter>>();

/** Made when it is first asked for: plain reads and searches never do. */
export function publishedParameters(definitions: Definitions): ReadonlyMap<string, PublishedParameter> {
  const known = made.get(definitions);
  if (known) return known;
  const byUrl = new Map<string, PublishedParameter & { readonly types: Set<string> }>();
  for (const resourceType of definitions.resourceTypes) {
    for (const { url, code, type, expression } of definitions.searchParameters(resourceType).values()) {
      const before = byUrl.get(url);
      const parameter = before ?? { code, type, types: new Set<string>(), usable: expression !== '' };
      parameter.types.add(resourceType);
      if (!before) byUrl.set(url, parameter);
    }
  }
  made.set(definitions, byUrl);
  return byUrl;
}
