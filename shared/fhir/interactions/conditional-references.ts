/**
 * References that name their target by criteria, `Organization?identifier=system|value`: each must match exactly one
 * resource and is replaced by a reference to it. FHIR R4 3.1.0.11.3 for transactions; AHDS: for single writes as well.
 */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { singleMatch } from './criteria.ts';
import type { FhirRequest } from './interaction.ts';

const conditional = /^([A-Z][A-Za-z]+)\?(.+)$/s;

/** Every Reference (an object with a literal `reference`) in a resource, contained ones included. */
export function referencesIn(value: JsonValue | undefined, found: JsonObject[] = []): JsonObject[] {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, found);
  else if (isObject(value)) {
    if (typeof value.reference === 'string') found.push(value);
    for (const member of Object.values(value)) if (typeof member === 'object') referencesIn(member, found);
  }
  return found;
}

/** Replaces the conditional references in `resources`; a criterion that stands there often is searched for once. */
export async function resolveConditionalReferences(
  request: FhirRequest,
  resources: readonly Resource[],
): Promise<void> {
  const targets = new Map<string, string>();
  for (const resource of resources) {
    for (const holder of referencesIn(resource)) {
      const text = holder.reference as string;
      const [, type = '', criteria = ''] = conditional.exec(text) ?? [];
      if (type === '' || !request.service.definitions.isResourceType(type)) continue;
      const target = targets.get(text) ?? (await targetOf(request, type, criteria));
      targets.set(text, target);
      holder.reference = target;
    }
  }
}

async function targetOf(request: FhirRequest, type: string, criteria: string): Promise<string> {
  const pairs = [...new URLSearchParams(criteria)];
  const { match } = await singleMatch(request, type, pairs).catch((error: unknown) => {
    throw error instanceof FhirError ? unresolved(type, criteria, error.message) : error;
  });
  if (!match) throw unresolved(type, criteria, 'nothing matches');
  return `${type}/${match.id}`;
}

function unresolved(type: string, criteria: string, why: string): FhirError {
  return new FhirError('invalid', `The reference '${type}?${criteria}' does not name exactly one resource: ${why}`);
}
