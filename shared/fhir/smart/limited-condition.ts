import type { Condition } from '../../stores/resources/query.ts';
import { allOf } from '../search/conditions.ts';
import type { ResourceLimits } from './resource-limits.ts';

/**
 * The condition as it means in a store that holds nothing but what may be found: wherever it speaks of other resources,
 * by a chain, `_has` or `_not-referenced`, these must be within the limits too.
 */
export function limitedCondition(condition: Condition, limits: ResourceLimits): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map((member) => limitedCondition(member, limits)) };
    case 'not':
      return { kind: 'not', of: limitedCondition(condition.of, limits) };
    case 'chain': {
      const { types, where } = limits.within(condition.types, 'find');
      if (types?.length === 0) return { kind: 'nothing' };
      return {
        ...condition,
        types: types ?? condition.types,
        where: both(where, limitedCondition(condition.where, limits)),
      };
    }
    case 'referenced-by': {
      const { types, where } = limits.within([condition.source], 'find');
      if (types?.length === 0) return { kind: 'nothing' };
      return { ...condition, where: both(where, limitedCondition(condition.where, limits)) };
    }
    case 'referenced':
      return referenced(condition, limits);
    default:
      return condition;
  }
}

/** A parameter says of which type the resources are that refer; one that all types share does not. */
function referenced(condition: Condition & { readonly kind: 'referenced' }, limits: ResourceLimits): Condition {
  const ofAll = condition.by.some((param) => param.startsWith('Resource.'));
  const sources = ofAll ? undefined : [...new Set(condition.by.map((param) => param.slice(0, param.indexOf('.'))))];
  const { types, where } = limits.within(sources, 'find');
  if (types === undefined && where === undefined) return condition;
  const meets = where ?? ({ kind: 'type', types: types ?? [] } as const);
  if (types?.length === 0) return { kind: 'nothing' };
  return { ...condition, where: condition.where ? allOf([meets, limitedCondition(condition.where, limits)]) : meets };
}

function both(limit: Condition | undefined, asked: Condition): Condition {
  if (!limit) return asked;
  return allOf([limit, ...(asked.kind === 'and' ? asked.of : [asked])]);
}
