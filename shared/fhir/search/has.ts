import type { Condition } from '../../stores/resources/query.ts';
import { FhirError } from '../outcome.ts';
import type { Below } from './chain.ts';
import { parameterKey } from './parameter-key.ts';
import { notOffered, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';

/**
 * FHIR R4 3.1.1.4.15: `_has:Observation:patient:code`; `text` is what stands behind `_has:`.
 * What follows the reference may be a chain or another `_has`.
 */
export function hasCondition(
  context: SearchContext,
  types: readonly string[] | undefined,
  text: string,
  below: Below,
): Condition {
  const [source = '', code = '', ...more] = text.split(':');
  const rest = more.join(':');
  if (rest === '') throw notOffered('_has takes the form _has:Type:reference:parameter.');
  const { definitions } = context;
  if (!definitions.isResourceType(source)) {
    throw new FhirError('not-supported', `The resource type '${source}' in _has is not supported.`);
  }
  const parameter = definitions.searchParameters(source).get(code);
  if (!parameter) throw new UnsupportedParameter(`_has:${text}`);
  if (parameter.type !== 'reference') throw notOffered(`The search parameter '${source}.${code}' is no reference.`);
  if (types && !types.some((type) => parameter.targets.includes(type))) {
    throw notOffered(`The search parameter '${source}.${code}' does not refer to the resources searched.`);
  }
  spend(context, 1);
  return { kind: 'referenced-by', source, param: parameterKey(parameter), where: below([source], rest) };
}
