/** `$versions`: the FHIR versions of the service. */
import type { FhirRequest, FhirResponse } from './interaction.ts';

export async function versions(_request: FhirRequest): Promise<FhirResponse> {
  return { status: 200, body: [Buffer.from('{"versions":["4.0"],"default":"4.0"}')] };
}
