/** `_list`: the resources that a List names. FHIR R4 3.1.1.4.16; AHDS offers it by id only, without functional lists. */
import type { Condition } from '../../stores/resources/query.ts';
import { anyOf } from './conditions.ts';
import { notOffered, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';

export function listCondition(context: SearchContext, types: readonly string[] | undefined, value: string): Condition {
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(value)) throw new UnsupportedParameter('_list');
  if (!context.lookups) throw notOffered('_list is not supported in this search.');
  const entries = context.lookups.list(value, context.base);
  const idsByType = Map.groupBy(
    entries.filter(({ type }) => !types || types.includes(type)),
    ({ type }) => type,
  );
  if (idsByType.size === 0) return { kind: 'nothing' };
  spend(context, idsByType.size);
  const members = [...idsByType].map(([type, all]): Condition => {
    const ids = [...new Set(all.map(({ id }) => id))];
    return {
      kind: 'and',
      of: [
        { kind: 'type', types: [type] },
        { kind: 'id', ids },
      ],
    };
  });
  return anyOf(members);
}
