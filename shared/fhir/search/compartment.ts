/** The resources around one patient, encounter, practitioner …: those that refer to it. FHIR R4 3.1.1.2, 2.26.3. */
import type { Condition } from '../../stores/resources/query.ts';
import type { CompartmentDefinition } from '../definitions/definitions.ts';
import { anyOf } from './conditions.ts';
import { parameterKey } from './parameter-key.ts';
import { type SearchContext, spend } from './search-context.ts';

export interface Compartment {
  readonly definition: CompartmentDefinition;
  /** Of the resource that the compartment is around; it need not exist. */
  readonly id: string;
}

/** The types that the compartment can hold. */
export function memberTypes({ definition }: Compartment): readonly string[] {
  return [...definition.members.keys()];
}

/**
 * Refers to the compartment's resource by one of the parameters that its definition names for one of `types`. The keys of
 * the parameters hold their type, so that no condition of type is needed. Types that are never in the compartment add
 * nothing. AHDS: the resource itself is not in its compartment.
 */
export function compartmentCondition(
  context: SearchContext,
  { definition, id }: Compartment,
  types: readonly string[],
): Condition {
  const test = { kind: 'reference', type: definition.code, id } as const;
  const references = types.flatMap((type) => {
    const parameters = context.definitions.searchParameters(type);
    return (definition.members.get(type) ?? []).flatMap((code) => {
      const parameter = parameters.get(code);
      return parameter ? [{ kind: 'value', param: parameterKey(parameter), test } as const] : [];
    });
  });
  spend(context, references.length);
  return references.length === 0 ? { kind: 'nothing' } : anyOf(references);
}
