/** What a composition refers to. FHIR R4 3.3.1: its subject, authors, sections' entries and the rest, contained ones aside. */
import type { ResourceKey } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { referencesIn } from '../interactions/conditional-references.ts';
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { literalReference } from '../search/literal-reference.ts';

/** Resources that one document may hold. */
const most = 2000;

/** Each once, in the order of the composition. `outside`: references to other servers, or to nothing that has an address. */
export function documentReferences(
  composition: Resource,
  base: string,
  { isResourceType }: Definitions,
): { inside: ResourceKey[]; outside: string[] } {
  const inside = new Map<string, ResourceKey>();
  const outside = new Set<string>();
  for (const { reference } of referencesIn(composition)) {
    const text = String(reference);
    if (text.startsWith('#')) continue;
    const { base: foreign, type, id } = literalReference(text, base, isResourceType);
    if (foreign !== null || type === null) outside.add(text);
    else inside.set(`${type}/${id}`, { type, id });
  }
  if (inside.size + outside.size > most) {
    throw new FhirError('too-costly', `The composition refers to more than ${most} resources.`);
  }
  return { inside: [...inside.values()], outside: [...outside] };
}
