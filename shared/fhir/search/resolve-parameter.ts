/** Which parameter a code means for the types that are searched. */
import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { allOf, anyOf } from './conditions.ts';
import { type SearchContext, UnsupportedParameter } from './search-context.ts';

/**
 * The condition that `build` makes of the parameter `code`. Several types must have the parameter in common (AHDS): it is
 * shared by all types, or has one definition for all of those searched; else 400.
 */
export function eachParameter(
  context: SearchContext,
  types: readonly string[] | undefined,
  code: string,
  build: (parameter: SearchParameter) => Condition,
): Condition {
  const { definitions } = context;
  const shared = definitions.sharedSearchParameters.get(code);
  if (shared) return build(shared);
  const searched = types ?? definitions.resourceTypes;
  const found = searched.flatMap((type) => {
    const parameter = definitions.searchParameters(type).get(code);
    return parameter ? [{ type, parameter }] : [];
  });
  const [first] = found;
  if (!first) throw new UnsupportedParameter(code);
  if (searched.length === 1) return build(first.parameter);
  if (found.length < searched.length || found.some(({ parameter }) => parameter.url !== first.parameter.url)) {
    throw new FhirError(
      'not-supported',
      `The search parameter '${code}' is not common to all resource types searched: name one type with _type.`,
    );
  }
  return anyOf(found.map(({ type, parameter }) => allOf([{ kind: 'type', types: [type] }, build(parameter)])));
}
