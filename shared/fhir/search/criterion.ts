/** One pair of a search as a condition. Chains and `_has` come back here for what stands behind them. */
import type { Condition } from '../../stores/resources/query.ts';
import { FhirError } from '../outcome.ts';
import { chainCondition } from './chain.ts';
import { columnConditions } from './column-condition.ts';
import { filterCondition } from './filter.ts';
import { hasCondition } from './has.ts';
import { splitModifier } from './modifier.ts';
import { parameterCondition } from './parameter-condition.ts';
import { eachParameter } from './resolve-parameter.ts';
import { maxChainDepth, type SearchContext, UnsupportedParameter } from './search-context.ts';

/**
 * `types`: of which types the resources are that must meet the condition; undefined: any. `depth` counts links of a chain.
 * Throws `UnsupportedParameter` for what lenient handling ignores, `FhirError` for everything else that is wrong.
 */
export function criterion(
  context: SearchContext,
  types: readonly string[] | undefined,
  name: string,
  value: string,
  depth = 0,
): Condition {
  if (value === '') throw new UnsupportedParameter(name);
  if (depth > maxChainDepth) throw new FhirError('too-costly', `A chain has at most ${maxChainDepth} links.`);
  const below = (target: readonly string[], rest: string) => criterion(context, target, rest, value, depth + 1);
  if (name.startsWith('_has:')) return hasCondition(context, types, name.slice('_has:'.length), below);
  const dot = name.indexOf('.');
  if (dot > 0) return chainCondition(context, types, name.slice(0, dot), name.slice(dot + 1), below);
  const { code, modifier } = splitModifier(name);
  const column = columnConditions.get(code);
  if (column) return column(context, types, modifier, value);
  if (name === '_filter') return filterCondition(context, types, value);
  return eachParameter(context, types, code, (parameter) => parameterCondition(context, parameter, modifier, value));
}
