/** Plain requests to a FHIR service, for tests of what stands on the wire: status, headers, body. */
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

/** `base` is the service's address, `http://127.0.0.1:7071/fhir`; paths start with a slash or are empty. */
export function fhirRequests(base: string): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : JSON.parse(text);
    const issue = parsed.resourceType === 'OperationOutcome' ? parsed.issue[0].code : undefined;
    return { status: response.status, headers: response.headers, body: parsed, issue };
  };
}
