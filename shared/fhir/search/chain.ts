import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { columnConditions } from './column-condition.ts';
import { splitModifier } from './modifier.ts';
import { parameterKey } from './parameter-key.ts';
import { eachParameter } from './resolve-parameter.ts';
import { notOffered, type SearchContext, UnsupportedParameter } from './search-context.ts';

/** Compiles what stands behind the link, for resources of `types`. */
export type Below = (types: readonly string[], rest: string) => Condition;

/**
 * FHIR R4 3.1.1.4.14: `subject:Patient.name` (`link` is `subject:Patient`, `rest` is `name`).
 * AHDS: a parameter that several possible targets have needs the type; those that every resource has do not.
 */
export function chainCondition(
  context: SearchContext,
  types: readonly string[] | undefined,
  link: string,
  rest: string,
  below: Below,
): Condition {
  const { code, modifier } = splitModifier(link);
  const following = firstCode(rest);
  return eachParameter(context, types, code, (parameter) => {
    const targets = targetsOf(parameter, modifier).filter((type) => offers(context, type, following));
    if (targets.length === 0) throw new UnsupportedParameter(`${link}.${rest}`);
    if (targets.length > 1 && !isOfEveryType(context, following)) {
      const forms = targets.slice(0, 3).map((type) => `${code}:${type}.${rest}`);
      throw notOffered(`The chain is ambiguous: name the type, such as ${forms.join(' or ')}.`);
    }
    return { kind: 'chain', param: parameterKey(parameter), types: targets, where: below(targets, rest) };
  });
}

function targetsOf(parameter: SearchParameter, modifier: string | undefined): readonly string[] {
  const { code, type, targets } = parameter;
  if (type !== 'reference') throw notOffered(`The search parameter '${code}' is no reference and cannot be chained.`);
  if (modifier === undefined) return targets;
  if (!targets.includes(modifier)) throw notOffered(`The search parameter '${code}' does not refer to '${modifier}'.`);
  return [modifier];
}

/** `name:exact` → `name`, `organization.name` → `organization`, `_has:…` → `_has`. */
function firstCode(rest: string): string {
  return rest.split(/[.:]/, 1)[0] ?? rest;
}

function isOfEveryType({ definitions }: SearchContext, code: string): boolean {
  return code === '_has' || columnConditions.has(code) || definitions.sharedSearchParameters.has(code);
}

function offers(context: SearchContext, type: string, code: string): boolean {
  return isOfEveryType(context, code) || context.definitions.searchParameters(type).has(code);
}
