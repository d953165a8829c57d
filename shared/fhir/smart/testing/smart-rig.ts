/** For tests: requests to a FHIR service's own rows, from the web request to the answer, under a principal of the test. */
import { fhirKind } from '../../../../functions/fhir/fhir-kind.ts';
import { localPrincipal, type Principal } from '../../../access/principal.ts';
import { smartLimits, withinLimits } from '../../../access/smart/smart-limits.ts';
import { endpointsOf } from '../../../operations/endpoint.ts';
import { matchRoute, pathSegments } from '../../../operations/route-template.ts';
import { serve } from '../../../operations/serve.ts';
import type { FhirService } from '../../service.ts';

export interface Asked {
  readonly method: string;
  /** Behind the service's address: `/Patient/1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Ask = (asked: Asked) => Promise<Answered>;

const origin = 'http://localhost';

/** The principal of an app with these scopes, whose role allows everything. */
export function appOf(scp: string, fhirUser = 'https://ehr.example/Patient/a'): Principal {
  return withinLimits({ ...localPrincipal, id: 'app' }, smartLimits({ scp, fhirUser }));
}

/** The service is served at `http://localhost/fhir`. */
export function asks(service: FhirService, principal: Principal): Ask {
  const endpoints = endpointsOf({
    ...fhirKind,
    names: ['fhir'],
    service: async () => service,
    maxBodyBytes: () => 1e7,
  });
  return async ({ method, path, body, headers = {} }) => {
    const url = new URL(`${origin}/fhir${path}`);
    const endpoint = endpoints.find((each) => {
      return each.methods.some((one) => one === method) && matchRoute(each.template, pathSegments(url.pathname));
    });
    if (!endpoint) return { status: 404, headers: {}, text: '' };
    const type = { 'Content-Type': 'application/fhir+json' };
    const request = new Request(url, {
      method,
      headers: { ...(body !== undefined && type), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = await serve(endpoint, request, {
      address: { publicUrl: undefined, trustForwarded: false },
      authenticate: async () => principal,
      connection: undefined,
      audit: () => {},
      logError: (text) => {
        throw new Error(text);
      },
    });
    return { status: answer.status, headers: answer.headers ?? {}, text: await textOf(answer.body) };
  };
}

async function textOf(body: Awaited<ReturnType<typeof serve>>['body']): Promise<string> {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
