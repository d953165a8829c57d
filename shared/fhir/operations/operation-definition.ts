import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { typeOf } from '../interactions/resource-type.ts';
import { FhirError } from '../outcome.ts';
import { advertisedOperations, operationDefinitionOf } from './advertised-operations.ts';
import { resourceResponse } from './parameters.ts';

/** AHDS: `OperationDefinition/{name}`, for everybody, describes an operation that the CapabilityStatement names so. */
export async function operationDefinition(
  request: FhirRequest,
  rows: readonly InteractionRow[],
): Promise<FhirResponse> {
  const { id, base } = request;
  typeOf(request);
  const operation = advertisedOperations(rows).find(({ name }) => name === id);
  if (!operation) throw new FhirError('not-found', 'There is no operation with this name.');
  return resourceResponse(operationDefinitionOf(operation, base));
}
