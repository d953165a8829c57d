import { FhirError } from '../outcome.ts';
import type { EntryRequest } from './entry-request.ts';
import type { Target } from './planned-entry.ts';

/**
 * FHIR R4 3.1.0.11.2: no resource may be written by two entries of a transaction; AHDS compares without regard to case
 * and answers 400. Before the criteria are resolved, equal criteria count; after that (`targets`), the resources.
 */
export function checkUniqueTargets(asked: readonly EntryRequest[], targets?: readonly (Target | undefined)[]): void {
  const seen = new Set<string>();
  for (const [index, entry] of asked.entries()) {
    const name = targets ? resolvedName(targets[index]) : nameOf(entry);
    if (name === undefined) continue;
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw new FhirError('invalid', `The transaction writes '${name}' more than once.`);
    seen.add(folded);
  }
}

function nameOf({ method, request, url }: EntryRequest): string | undefined {
  const { type, id } = request;
  const criteria = request.header('if-none-exist');
  if (method === 'POST') return criteria === undefined ? undefined : `${type}?${criteria}`;
  if (method !== 'PUT' && method !== 'DELETE' && method !== 'PATCH') return undefined;
  return id === undefined ? url : `${type}/${id}`;
}

function resolvedName(target: Target | undefined): string | undefined {
  return target && !target.existing ? `${target.type}/${target.id}` : undefined;
}
