import type { Definitions } from '../definitions/definitions.ts';
import type { FhirRequest } from './interaction.ts';

/** AHDS: `x-ms-use-partial-indices: true` searches by parameters whose reindex is not complete, over what is indexed so far. */
export function definitionsFor({ service, header }: FhirRequest): Definitions {
  return header('x-ms-use-partial-indices')?.toLowerCase() === 'true'
    ? service.parameters.partial
    : service.definitions;
}
