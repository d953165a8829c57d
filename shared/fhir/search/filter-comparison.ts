/** One comparison of a `_filter`. FHIR R4 3.1.3.1: which operators go with which type of parameter. */
import type { ParameterKey } from '../../stores/resources/index-entry.ts';
import { fold } from '../../stores/resources/index-entry.ts';
import type { Condition, ValueTest } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { dateTest } from './date.ts';
import { filterError, type Operator } from './filter-grammar.ts';
import { parameterKey } from './parameter-key.ts';
import type { SearchContext } from './search-context.ts';
import { UnsupportedParameter } from './search-context.ts';
import { inValueSet, related } from './token-set.ts';
import { hasHierarchy } from './uri.ts';
import { valueTest } from './value-test.ts';

type Meaning = Condition | undefined;

/** Of several values of a parameter one must pass; `ne` and `ni` of texts and codes: none may be so. */
export function comparison(
  context: SearchContext,
  parameter: SearchParameter,
  operator: Operator,
  value: string,
  at: number,
): Condition {
  const { code, type } = parameter;
  if (type === 'special' || parameter.expression === '') throw new UnsupportedParameter(code);
  const param = parameterKey(parameter);
  const of = operator === 'pr' ? presence(param, type, value, at) : meaning(context, parameter, param, operator, value);
  if (!of) throw filterError(at, `'${operator}' does not go with '${code}', which is of type ${type}`);
  return of;
}

function presence(
  param: ParameterKey,
  of: Exclude<SearchParameter['type'], 'special'>,
  value: string,
  at: number,
): Condition {
  if (value !== 'true' && value !== 'false') throw filterError(at, "'pr' takes true or false");
  const present: Condition = { kind: 'present', param, of };
  return value === 'true' ? present : { kind: 'not', of: present };
}

function meaning(
  context: SearchContext,
  parameter: SearchParameter,
  param: ParameterKey,
  operator: Operator,
  value: string,
): Meaning {
  const { code, type } = parameter;
  // A filter has no escapes of its own: what a value test takes for one is the character itself.
  const literal = value.replaceAll('\\', '\\\\');
  const tested = (test: ValueTest): Condition => ({ kind: 'value', param, test });
  const plain = () => tested(valueTest(context, parameter, literal));
  const not = (of: Condition): Condition => ({ kind: 'not', of });
  switch (type) {
    case 'string':
      return ofString(operator, value, tested);
    case 'token':
      if (operator === 'eq') return plain();
      if (operator === 'ne') return not(plain());
      if (operator === 'in') return inValueSet(context, param, literal);
      if (operator === 'ni') return not(inValueSet(context, param, literal));
      if (operator === 'ss') return related(context, param, code, 'below', literal);
      return operator === 'sb' ? related(context, param, code, 'above', literal) : undefined;
    case 'reference':
      if (operator === 'eq' || operator === 're') return plain();
      return operator === 'ne' ? not(plain()) : undefined;
    case 'uri':
      if (operator === 'eq') return plain();
      if (operator === 'ne') return not(plain());
      if (operator !== 'sw' || !hasHierarchy(value)) return undefined;
      return tested({ kind: 'uri', match: 'below', uri: value });
    case 'date':
      if (operator === 'po') return tested(dateTest({ ...context, dateContainment: false }, `eq${literal}`, code));
      return isPrefix(operator) ? tested(valueTest(context, parameter, `${operator}${literal}`)) : undefined;
    case 'number':
    case 'quantity':
      return isPrefix(operator) ? tested(valueTest(context, parameter, `${operator}${literal}`)) : undefined;
    default:
      return undefined;
  }
}

const matches = { eq: 'is', ne: 'is', co: 'contains', sw: 'starts', ew: 'ends' } as const;

/** Without regard to case and accents, as searches by a string are. */
function ofString(operator: Operator, value: string, tested: (test: ValueTest) => Condition): Meaning {
  if (!(operator in matches)) return undefined;
  const match = matches[operator as keyof typeof matches];
  const condition = tested({ kind: 'string', match, folded: fold(value) });
  return operator === 'ne' ? { kind: 'not', of: condition } : condition;
}

const prefixes: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);

function isPrefix(operator: Operator): boolean {
  return prefixes.has(operator);
}
