/** The search parameters in some states, as the search compiler and the indexer ask for them. */
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import { type CustomParameter, sharedBases } from './custom-parameter.ts';

export type ParameterView = Pick<Definitions, 'searchParameters' | 'sharedSearchParameters'>;

/** Those of the specification and the custom ones whose URL is `shown`. Made lazily, type by type. */
export function parameterView(
  definitions: Definitions,
  custom: readonly CustomParameter[],
  shown: (url: string) => boolean,
): ParameterView {
  const ofBase = (fits: (base: string) => boolean): SearchParameter[] =>
    custom.flatMap(({ url, byBase }) => (shown(url) ? [...byBase.values()].filter(({ base }) => fits(base)) : []));
  const shared = added(
    definitions.sharedSearchParameters,
    ofBase((base) => sharedBases.has(base)),
    shown,
  );
  const types = new Map<string, ReadonlyMap<string, SearchParameter>>();
  return {
    sharedSearchParameters: shared,
    searchParameters: (type) => {
      if (!definitions.isResourceType(type)) return definitions.searchParameters(type);
      const known = types.get(type);
      if (known) return known;
      const own = ofBase((base) => sharedBases.has(base) || base === type);
      const made = added(definitions.searchParameters(type), own, shown);
      types.set(type, made);
      return made;
    },
  };
}

/** A custom parameter with the code of another has the same expression: the one of the specification goes first. */
function added(
  published: ReadonlyMap<string, SearchParameter>,
  custom: readonly SearchParameter[],
  shown: (url: string) => boolean,
): ReadonlyMap<string, SearchParameter> {
  const all = new Map([...published].filter(([, { url }]) => shown(url)));
  for (const parameter of custom) if (!all.has(parameter.code)) all.set(parameter.code, parameter);
  return all;
}
