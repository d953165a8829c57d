/** Plain requests to a FHIR service, for tests of what stands on the wire: status, headers, body. */
import { loadDefinitions } from '../../shared/fhir/definitions/load.ts';
import type { Resource } from '../../shared/fhir/resource/types.ts';
import { parseXml } from '../../shared/fhir/xml/parse-xml.ts';
import { formatXml } from '../../shared/fhir/xml/write-xml.ts';

export interface FhirAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; empty when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects.
  readonly body: any;
  /** Code of the first issue of an OperationOutcome. */
  readonly issue: string | undefined;
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<FhirAnswer>;

/**
 * `base` is the service's address, `http://127.0.0.1:7071/fhir`; paths start with a slash or are empty. In the format `xml`
 * resources travel as XML in both directions; a test writes and reads them as JSON all the same. A text is sent as it is.
 */
export function fhirRequests(base: string, format: 'json' | 'xml' = 'json'): Send {
  const type = `application/fhir+${format}`;
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': type }), Accept: type, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : textOf(body as Resource, format) }),
    });
    const parsed = parse(await response.text());
    const issue = parsed.resourceType === 'OperationOutcome' ? parsed.issue[0].code : undefined;
    return { status: response.status, headers: response.headers, body: parsed, issue };
  };
}

function textOf(resource: Resource, format: 'json' | 'xml'): string {
  return format === 'json' ? JSON.stringify(resource) : formatXml(resource, loadDefinitions(), false);
}

function parse(text: string) {
  if (text === '') return {};
  return text.startsWith('<') ? parseXml(Buffer.from(text), loadDefinitions()) : JSON.parse(text);
}
