import type { FhirResponse } from '../interactions/interaction.ts';
import { resourceResponse } from '../operations/parameters.ts';
import type { JsonObject } from '../resource/types.ts';

/** A Parameters resource; what is undefined is left out. */
export function parametersResponse(parameters: readonly (JsonObject | undefined)[]): FhirResponse {
  return resourceResponse({ resourceType: 'Parameters', parameter: parameters.filter((one) => one !== undefined) });
}

/** A parameter with a string; undefined where there is none. */
export function stringParameter(name: string, valueString: string | undefined): JsonObject | undefined {
  return valueString === undefined ? undefined : { name, valueString };
}
