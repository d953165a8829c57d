/** `_include` and `_revinclude`. FHIR R4 3.1.1.5.5; wildcards as in AHDS. */
import type { Include } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { parameterKey } from './parameter-key.ts';
import { notOffered, type SearchContext, UnsupportedParameter } from './search-context.ts';

/** The expanded includes of one search: each is a query of its own. */
export const maxIncludes = 400;

/** `Type:param`, `Type:param:Target`, `Type:*`, `*`, of resources of `types`. */
export function parseInclude(context: SearchContext, types: readonly string[] | undefined, value: string): Include[] {
  if (!types) throw notOffered('_include needs the type of the resources searched.');
  const { source, code, target } = splitInclude(context, '_include', value);
  const sources = source === '*' ? types : [source];
  return sources.flatMap((type) =>
    referencesOf(context, type, code, value).map((parameter): Include => {
      const param = parameterKey(parameter);
      return target === undefined ? { kind: 'include', param } : { kind: 'include', param, types: [target] };
    }),
  );
}

/** `Type:param`, `Type:*`, `*:*`: only parameters that can refer to resources of `types`. */
export function parseRevinclude(
  context: SearchContext,
  types: readonly string[] | undefined,
  value: string,
): Include[] {
  const { source, code, target } = splitInclude(context, '_revinclude', value);
  const sources = source === '*' ? context.definitions.resourceTypes : [source];
  const searched = target === undefined ? types : [target];
  return sources.flatMap((type) =>
    referencesOf(context, type, code, value)
      .filter(({ targets }) => !searched || searched.some((each) => targets.includes(each)))
      .map((parameter): Include => ({ kind: 'revinclude', source: type, param: parameterKey(parameter) })),
  );
}

function splitInclude(context: SearchContext, name: string, value: string) {
  const { isResourceType } = context.definitions;
  const [source = '', code = source === '*' ? '*' : '', target, ...more] = value.split(':');
  if (more.length > 0 || code === '')
    throw new FhirError('invalid', `${name} takes the form Type:parameter or Type:parameter:Target.`);
  if (source !== '*' && !isResourceType(source)) {
    throw new FhirError('not-supported', `The resource type '${source}' in ${name} is not supported.`);
  }
  if (target !== undefined && !isResourceType(target)) {
    throw new FhirError('not-supported', `The target type '${target}' in ${name} is not supported.`);
  }
  return { source, code, target };
}

function referencesOf(context: SearchContext, type: string, code: string, value: string): SearchParameter[] {
  const parameters = context.definitions.searchParameters(type);
  if (code === '*') return [...parameters.values()].filter((parameter) => parameter.type === 'reference');
  const parameter = parameters.get(code);
  if (parameter?.type !== 'reference') throw new UnsupportedParameter(value);
  return [parameter];
}
