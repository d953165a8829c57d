/** `$versions`: the FHIR versions of the service. FHIR R4 CapabilityStatement-operation-versions; no resource, in either format. */
import type { FhirRequest, FhirResponse } from './interaction.ts';

const json = '{"versions":["4.0"],"default":"4.0"}';
const xml = '<versions xmlns="http://hl7.org/fhir"><version>4.0</version><default>4.0</default></versions>';

export async function versions(_request: FhirRequest): Promise<FhirResponse> {
  return { status: 200, body: [Buffer.from(json)], xml };
}
