import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { FhirError } from '../outcome.ts';
import { advertisedOperations, operationDefinitionOf } from './advertised-operations.ts';
import { resourceResponse } from './parameters.ts';

/** AHDS: `OperationDefinition/{name}`, for everybody, describes an operation that the CapabilityStatement names so. */
export async function operationDefinition(
  { id, base }: FhirRequest,
  rows: readonly InteractionRow[],
): Promise<FhirResponse> {
  const operation = advertisedOperations(rows).find(({ name }) => name === id);
  if (!operation) throw new FhirError('not-found', 'There is no operation with this name.');
  return resourceResponse(operationDefinitionOf(operation, base));
}
