/**
 * AHDS: a code that is used on a type, or on one above or below it, can be used again only with the same type and expression:
 * what it finds must not depend on who asks.
 */
import type { SearchParameter } from '../definitions/definitions.ts';
import { type CustomParameter, sharedBases, typesOf } from './custom-parameter.ts';
import type { ParameterRegistry } from './parameter-registry.ts';

/** Why the parameter cannot stand beside those that are there; undefined when it can. */
export function codeConflict(parameter: CustomParameter, registry: ParameterRegistry): string | undefined {
  for (const own of parameter.byBase.values()) {
    for (const type of typesOf(registry.published, own.base)) {
      const other = registry.published.searchParameters(type).get(own.code);
      if (other && differs(own, other)) return `The code ${own.code} is used by ${other.url} for ${type}`;
    }
  }
  for (const other of registry.custom) {
    const isOther = other.url !== parameter.url && registry.record(other.url)?.state !== 'Deleted';
    const why = isOther ? codeConflictBetween(parameter, other) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

export function codeConflictBetween(one: CustomParameter, other: CustomParameter): string | undefined {
  if (one.code !== other.code) return undefined;
  for (const own of one.byBase.values()) {
    for (const its of other.byBase.values()) {
      const meet = own.base === its.base || sharedBases.has(own.base) || sharedBases.has(its.base);
      if (meet && differs(own, its)) return `the code ${one.code} is used by ${other.url} for ${its.base}`;
    }
  }
  return undefined;
}

function differs(one: SearchParameter, other: SearchParameter): boolean {
  return one.type !== other.type || compact(one.expression) !== compact(other.expression);
}

function compact(expression: string): string {
  return expression.replace(/\s+/g, '');
}
