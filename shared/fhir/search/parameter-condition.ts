/**
 * What one search parameter with its modifier and values asks of a resource. FHIR R4 3.1.1.4.4.
 * AHDS differs: it has no `:in`, `:not-in`, `:of-type`, `:identifier`, nor `:above` and `:below` of tokens.
 */
import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter, SearchParameterType } from '../definitions/definitions.ts';
import { compositeCondition } from './composite.ts';
import { anyOf } from './conditions.ts';
import { splitEscaped } from './escape.ts';
import { nearTest } from './near.ts';
import { modifierKey, parameterKey } from './parameter-key.ts';
import { splitPrefix } from './prefix.ts';
import { notOffered, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';
import { ofTypeTest, tokenTest } from './token.ts';
import { inValueSet, related } from './token-set.ts';
import { hasHierarchy } from './uri.ts';
import { valueTest } from './value-test.ts';

/** References take the name of a target type as well. Of `special` parameters only `near` has conditions. */
const modifiers: Readonly<Record<SearchParameterType, readonly string[]>> = {
  string: ['exact', 'contains', 'missing'],
  token: ['not', 'text', 'in', 'not-in', 'above', 'below', 'of-type', 'missing'],
  reference: ['identifier', 'missing'],
  uri: ['above', 'below', 'missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: ['missing'],
  special: ['missing'],
};
const prefixedTypes: ReadonlySet<string> = new Set(['date', 'number', 'quantity']);

export function parameterCondition(
  context: SearchContext,
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
): Condition {
  const { type, code } = parameter;
  const param = parameterKey(parameter);
  const isNear = param === 'Location.near';
  if (parameter.expression === '' && !isNear) throw new UnsupportedParameter(code);
  checkModifier(context, parameter, modifier);
  if (modifier === 'missing') {
    spend(context, 1);
    const present: Condition = { kind: 'present', param, of: type === 'special' ? 'point' : type };
    return missingAsked(value) ? { kind: 'not', of: present } : present;
  }
  const alternatives = alternativesOf(context, parameter, value).map((text): Condition => {
    if (type === 'composite') return compositeCondition(context, parameter, text);
    if (isNear) return { kind: 'value', param, test: nearTest(text, code) };
    if (type === 'token') return tokenCondition(context, parameter, text, modifier);
    if (modifier === 'identifier') {
      return { kind: 'value', param: modifierKey(param, modifier), test: tokenTest(text, undefined, code) };
    }
    if ((modifier === 'above' || modifier === 'below') && !hasHierarchy(text)) return { kind: 'nothing' };
    return { kind: 'value', param, test: valueTest(context, parameter, text, modifier) };
  });
  const condition = anyOf(alternatives);
  return modifier === 'not' || modifier === 'not-in' ? { kind: 'not', of: condition } : condition;
}

function tokenCondition(
  context: SearchContext,
  parameter: SearchParameter,
  text: string,
  modifier: string | undefined,
): Condition {
  const param = parameterKey(parameter);
  switch (modifier) {
    case 'in':
    case 'not-in':
      return inValueSet(context, param, text);
    case 'above':
    case 'below':
      return related(context, param, parameter.code, modifier, text);
    case 'of-type':
      return { kind: 'value', param: modifierKey(param, modifier), test: ofTypeTest(text, parameter.code) };
    default:
      return { kind: 'value', param, test: valueTest(context, parameter, text, modifier) };
  }
}

/** The values between commas. AHDS: a prefix cannot be combined with further values. */
export function alternativesOf(
  context: SearchContext,
  { code, type }: { readonly code: string; readonly type: string },
  value: string,
): string[] {
  const values = splitEscaped(value, ',').filter((text) => text !== '');
  if (values.length === 0) throw new UnsupportedParameter(code);
  spend(context, values.length);
  if (values.length > 1 && prefixedTypes.has(type) && values.some((text) => splitPrefix(text).prefix !== 'eq')) {
    throw notOffered(`The search parameter '${code}' takes a prefix only with a single value.`);
  }
  return values;
}

export function missingAsked(value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw notOffered(`The modifier ':missing' takes true or false.`);
}

function checkModifier(context: SearchContext, parameter: SearchParameter, modifier: string | undefined): void {
  if (modifier === undefined || modifiers[parameter.type].includes(modifier)) return;
  if (parameter.type === 'reference' && context.definitions.isResourceType(modifier)) {
    if (parameter.targets.includes(modifier)) return;
    throw notOffered(`The search parameter '${parameter.code}' does not refer to ${modifier}.`);
  }
  throw notOffered(`The modifier ':${modifier}' is not supported for the search parameter '${parameter.code}'.`);
}
