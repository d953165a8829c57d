/**
 * What answers when no operation does: 404, 405 with Allow, OPTIONS. Its template matches everything and its name sorts
 * last, so the host comes to it only when no other Function takes the request.
 */
import { fhirAuditHeaders } from '../access/audit-headers.ts';
import type { Endpoint, FailedRequest, ServiceKind } from './endpoint.ts';
import { requestError } from './errors.ts';
import type { Answer, Method } from './operation.ts';
import { matchRoute, parseRouteTemplate, pathSegments } from './route-template.ts';

type RenderError = ServiceKind<never>['renderError'];

export const unmatchedName = 'zz-unmatched';

const everyMethod: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** `rendererOf` gives the wording of the service that the first path segment names. */
export function unmatchedEndpoint(
  endpoints: readonly Endpoint[],
  rendererOf: (serviceName: string) => RenderError,
): Endpoint {
  return {
    name: unmatchedName,
    methods: everyMethod,
    template: parseRouteTemplate('{*path}'),
    access: 'public',
    body: { kind: 'none' },
    auditHeaders: fhirAuditHeaders,
    maxBodyBytes: () => 0,
    gate: () => undefined,
    renderError: (error: unknown, request: FailedRequest) => {
      const [first = ''] = pathSegments(new URL(request.url).pathname);
      return rendererOf(first.toLowerCase())(error, request);
    },
    run: async ({ method, params }) =>
      answerUnmatched(method, allowedMethods(endpoints, pathSegments(params.path ?? ''))),
  };
}

function allowedMethods(endpoints: readonly Endpoint[], path: readonly string[]): Method[] {
  const served = endpoints.filter(({ template }) => matchRoute(template, path)).flatMap(({ methods }) => methods);
  return served.length === 0 ? [] : everyMethod.filter((method) => method === 'OPTIONS' || served.includes(method));
}

function answerUnmatched(method: Method, allowed: readonly Method[]): Answer {
  if (allowed.length === 0) throw requestError('not-found', 'Nothing is served at this address.');
  const headers = { Allow: allowed.join(', ') };
  if (method === 'OPTIONS') return { status: 204, headers };
  throw requestError('method-not-allowed', `This address is served for ${headers.Allow}, not for ${method}.`, headers);
}
