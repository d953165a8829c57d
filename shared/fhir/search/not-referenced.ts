/** `_not-referenced`, a parameter of AHDS: `*:*`, `Observation:*`, `Observation:subject`. */
import type { Condition } from '../../stores/resources/query.ts';
import { parameterKey } from './parameter-key.ts';
import { type SearchContext, spend, UnsupportedParameter } from './search-context.ts';

/** Resources of `types` that no resource refers to, by any parameter or by those that the value names. */
export function notReferencedCondition(
  context: SearchContext,
  types: readonly string[] | undefined,
  value: string,
): Condition {
  const [source = '', code = '', ...more] = value.split(':');
  const { definitions } = context;
  const isForm =
    more.length === 0 && code !== '' && (source === '*' ? code === '*' : definitions.isResourceType(source));
  if (!isForm) throw new UnsupportedParameter('_not-referenced');
  const sources = source === '*' ? definitions.resourceTypes : [source];
  const parameters = sources.flatMap((type) => {
    const all = definitions.searchParameters(type);
    if (code === '*') return [...all.values()].filter((parameter) => parameter.type === 'reference');
    const parameter = all.get(code);
    if (parameter?.type !== 'reference') throw new UnsupportedParameter('_not-referenced');
    return [parameter];
  });
  const possible = parameters.filter(({ targets }) => !types || types.some((type) => targets.includes(type)));
  spend(context, 1);
  return { kind: 'not', of: { kind: 'referenced', by: [...new Set(possible.map(parameterKey))] } };
}
