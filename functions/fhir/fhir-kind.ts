import { askedFormat, contentTypes } from '../../shared/fhir/media-type.ts';
import { outcomeOf, userErrorOf } from '../../shared/fhir/outcome.ts';
import type { Resource } from '../../shared/fhir/resource/types.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { fhirOperations } from './operations.ts';

/** FHIR services: their operations, and failures as OperationOutcome in the format that the client asked for, else JSON. */
export const fhirKind: ServiceKind<FhirService> = {
  kind: 'fhir',
  operations: fhirOperations,
  renderError: (error, { requestId, url, headers }) => {
    const failure = userErrorOf(error);
    const outcome = JSON.stringify(outcomeOf(failure ?? error, requestId, new Date()));
    const format = askedFormat(new URL(url).searchParams, headers.get('accept')) ?? 'json';
    return {
      status: failure?.status ?? 500,
      headers: { ...failure?.headers, 'Content-Type': contentTypes[format] },
      body: format === 'xml' ? xmlOf(outcome) : outcome,
    };
  },
};

/** The XML of a resource's JSON text. Definitions and XML are loaded when they are asked for. */
async function* xmlOf(json: string): AsyncGenerator<Uint8Array> {
  const { formatXml } = await import('../../shared/fhir/xml/write-xml.ts');
  const { loadDefinitions } = await import('../../shared/fhir/definitions/load.ts');
  yield Buffer.from(formatXml(JSON.parse(json) as Resource, loadDefinitions(), false));
}
