import type { Condition } from '../../stores/resources/query.ts';

/** All of them; nothing to meet is met by everything. */
export function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : { kind: 'and', of: conditions };
}

/** At least one of them. */
export function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : { kind: 'or', of: conditions };
}
