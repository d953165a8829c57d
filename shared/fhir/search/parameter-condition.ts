/** What one search parameter with its modifier and values asks of a resource. FHIR R4 3.1.1.4.4, AHDS's set of modifiers. */
import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter, SearchParameterType } from '../definitions/definitions.ts';
import { compositeCondition } from './composite.ts';
import { anyOf } from './conditions.ts';
import { splitEscaped } from './escape.ts';
import { parameterKey } from './parameter-key.ts';
import { splitPrefix } from './prefix.ts';
import { notOffered, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';
import { hasHierarchy } from './uri.ts';
import { valueTest } from './value-test.ts';

/** References take the name of a target type as well. `special` parameters have no conditions. */
const modifiers: Readonly<Record<SearchParameterType, readonly string[]>> = {
  string: ['exact', 'contains', 'missing'],
  token: ['not', 'text', 'missing'],
  reference: ['missing'],
  uri: ['above', 'below', 'missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: [],
  special: [],
};
const prefixedTypes: ReadonlySet<string> = new Set(['date', 'number', 'quantity']);

export function parameterCondition(
  context: SearchContext,
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
): Condition {
  checkModifier(context, parameter, modifier);
  const { type } = parameter;
  if (type === 'special' || parameter.expression === '') throw new UnsupportedParameter(parameter.code);
  const param = parameterKey(parameter);
  if (modifier === 'missing') {
    spend(context, 1);
    const present: Condition = { kind: 'present', param, of: type };
    return missingAsked(value) ? { kind: 'not', of: present } : present;
  }
  const alternatives = alternativesOf(context, parameter, value).map((text): Condition => {
    if (type === 'composite') return compositeCondition(context, parameter, text);
    if ((modifier === 'above' || modifier === 'below') && !hasHierarchy(text)) return { kind: 'nothing' };
    return { kind: 'value', param, test: valueTest(context, parameter, text, modifier) };
  });
  const condition = anyOf(alternatives);
  return modifier === 'not' ? { kind: 'not', of: condition } : condition;
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
