import type { ParameterKey } from '../../stores/resources/index-entry.ts';
import type { SearchParameter } from '../definitions/definitions.ts';

/** `Patient.family`; `Resource._tag` for a parameter that every type shares, so that one condition covers all of them. */
export function parameterKey({ base, code }: Pick<SearchParameter, 'base' | 'code'>): ParameterKey {
  return base === 'Resource' || base === 'DomainResource' ? `Resource.${code}` : `${base}.${code}`;
}

/** The key under which a modifier of the parameter finds its values. */
export function modifierKey(key: ParameterKey, modifier: 'of-type' | 'identifier'): ParameterKey {
  return `${key}:${modifier}`;
}
