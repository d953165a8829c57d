/** Tokens by value set (`:in`, `:not-in`) and by hierarchy (`:above`, `:below`). FHIR R4 3.1.1.4.10; AHDS has none of them. */
import type { ParameterKey } from '../../stores/resources/index-entry.ts';
import type { Condition } from '../../stores/resources/query.ts';
import { FhirError } from '../outcome.ts';
import { anyOf } from './conditions.ts';
import { splitEscaped, unescaped } from './escape.ts';
import type { CodeSet, Lookups, Unusable } from './lookups.ts';
import { badValue, notOffered, type SearchContext, spend } from './search-context.ts';

/** `text` is the canonical URL of a value set, or `ValueSet/id` of this service. */
export function inValueSet(context: SearchContext, param: ParameterKey, text: string): Condition {
  const canonical = unescaped(text);
  const set = lookupsOf(context).valueSet(canonical, context.base);
  return inSet(context, param, set, `The value set '${canonical}'`);
}

/** `text` is `system|code`. */
export function related(
  context: SearchContext,
  param: ParameterKey,
  code: string,
  to: 'above' | 'below',
  text: string,
): Condition {
  const [system = '', concept = '', ...more] = splitEscaped(text, '|').map(unescaped);
  if (system === '' || concept === '' || more.length > 0) throw badValue(code, 'system|code');
  const set = lookupsOf(context).related(to, system, concept);
  return inSet(context, param, set, `The code system '${system}'`);
}

function inSet(context: SearchContext, param: ParameterKey, set: CodeSet | Unusable, what: string): Condition {
  if (set === 'unknown') throw new FhirError('invalid', `${what} is not known here.`);
  if (set === 'not-listed')
    throw new FhirError('too-costly', `${what} cannot be listed, or is too large to search by.`);
  spend(context, set.size);
  const tests = [...set].map(([system, codes]): Condition => {
    return { kind: 'value', param, test: { kind: 'token-set', system, codes } };
  });
  return tests.length === 0 ? { kind: 'nothing' } : anyOf(tests);
}

function lookupsOf({ lookups }: SearchContext): Lookups {
  if (!lookups) throw notOffered('Value sets and hierarchies are not supported in this search.');
  return lookups;
}
