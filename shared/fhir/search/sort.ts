import type { SortKey } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { parameterKey } from './parameter-key.ts';
import { type SearchContext, UnsupportedParameter } from './search-context.ts';

const columns = new Map<string, 'updated' | 'id' | 'type'>([
  ['_lastUpdated', 'updated'],
  ['_id', 'id'],
  ['_type', 'type'],
]);
const maxKeys = 5;

/**
 * FHIR R4 3.1.1.5.2: `_sort=status,-date`.
 * AHDS differs: it sorts by one string or date parameter only, or by `_type,_lastUpdated`.
 */
export function parseSort(context: SearchContext, types: readonly string[] | undefined, value: string): SortKey[] {
  const names = value.split(',');
  if (names.length > maxKeys) throw new UnsupportedParameter('_sort');
  return names.map((name): SortKey => {
    const descending = name.startsWith('-');
    const code = descending ? name.slice(1) : name;
    const column = columns.get(code);
    if (column) return { by: column, descending };
    const [parameter, ...more] = sortParameters(context, types, code);
    if (!parameter || parameter.type === 'composite' || parameter.type === 'special' || parameter.expression === '') {
      throw new UnsupportedParameter('_sort');
    }
    const others = more.length === 0 ? {} : { others: more.map(parameterKey) };
    return { by: 'param', param: parameterKey(parameter), ...others, of: parameter.type, descending };
  });
}

/** Resources of several types are sorted by what all types share, or by what has one definition for those searched. */
function sortParameters(
  { definitions }: SearchContext,
  types: readonly string[] | undefined,
  code: string,
): readonly SearchParameter[] {
  const shared = definitions.sharedSearchParameters.get(code);
  if (shared) return [shared];
  const found = (types ?? []).flatMap((type) => definitions.searchParameters(type).get(code) ?? []);
  return found.length === types?.length && found.every(({ url }) => url === found[0]?.url) ? found : [];
}
