/** A row bound to the instances of its kind: what one Function answers with. */
import { type AuditHeaderRule, fhirAuditHeaders } from '../access/audit-headers.ts';
import type { DataAction } from '../access/data-actions.ts';
import { IncomingCall, type IncomingParts } from './incoming-call.ts';
import type { Answer, BodyRule, Method, Operation } from './operation.ts';
import { parseRouteTemplate, type RouteTemplate } from './route-template.ts';
import { WorkGate, type WorkLimits } from './work-gate.ts';

/** What is known about a request that failed, for the body that tells of it. */
export interface FailedRequest {
  readonly requestId: string;
  readonly method: string;
  /** As it arrived; valid. */
  readonly url: string;
  readonly headers: Headers;
}

/** One kind of service: its rows and how it words a failure. */
export interface ServiceKind<Service> {
  readonly kind: string;
  readonly operations: readonly Operation<Service>[];
  /** Absent: as for FHIR. */
  readonly auditHeaders?: AuditHeaderRule;
  /** Never throws. A UserError's status and headers are the answer's; anything else is a 500 without its text. */
  readonly renderError: (error: unknown, request: FailedRequest) => Answer;
}

/** A kind of service at its addresses. Without `names` its rows stand at the workspace's root. */
export interface MountedKind<Service> extends ServiceKind<Service> {
  readonly names?: readonly string[];
  /** The opened instance of that name (`''` at the root). */
  readonly service: (name: string) => Promise<Service>;
  /** Bytes that a body sent to that instance may have, where it allows less than the row. */
  readonly maxBodyBytes?: (name: string) => number;
  /** Requests that one instance works on at a time; absent: any number. */
  readonly workLimits?: (name: string) => WorkLimits | undefined;
}

export interface Endpoint {
  readonly name: string;
  readonly methods: readonly Method[];
  readonly template: RouteTemplate;
  readonly access: 'public' | readonly (readonly DataAction[])[];
  readonly body: BodyRule;
  readonly maxBodyBytes: (serviceName: string) => number;
  readonly renderError: ServiceKind<unknown>['renderError'];
  readonly auditHeaders: AuditHeaderRule;
  /** Where requests to that instance wait for their turn. */
  readonly gate: (serviceName: string) => WorkGate | undefined;
  readonly run: (parts: IncomingParts) => Promise<Answer>;
}

/** Throws when a row is not fit to be served: no data action, a method that is not its to name. */
export function endpointsOf<Service>(kind: MountedKind<Service>): Endpoint[] {
  if (kind.names?.length === 0) return [];
  const gates = gatesOf(kind);
  return kind.operations.map((row) => {
    if (!/^[a-z][a-z0-9-]{0,126}$/.test(row.name)) throw new Error(`Operation ${row.name}: not a Function's name.`);
    checkAccess(row.name, row.access);
    return {
      name: row.name,
      methods: servedMethods(row),
      template: parseRouteTemplate(routeBelow(kind.names, row.route)),
      access: row.access,
      body: row.body,
      maxBodyBytes: (serviceName) => bodyLimit(row.body, kind.maxBodyBytes?.(serviceName)),
      renderError: kind.renderError,
      auditHeaders: kind.auditHeaders ?? fhirAuditHeaders,
      gate: (serviceName) => gates.get(serviceName),
      run: async (parts) => row.handler(new IncomingCall(parts, await kind.service(parts.serviceName))),
    };
  });
}

/** One for each instance, for all its rows together. */
function gatesOf({
  names = [],
  workLimits,
}: Pick<MountedKind<never>, 'names' | 'workLimits'>): ReadonlyMap<string, WorkGate> {
  const gates = new Map<string, WorkGate>();
  for (const name of names) {
    const limits = workLimits?.(name);
    if (limits) gates.set(name, new WorkGate(limits));
  }
  return gates;
}

function bodyLimit(rule: BodyRule, ofService = Number.POSITIVE_INFINITY): number {
  return rule.kind === 'none' ? 0 : Math.min(rule.maxBytes, ofService);
}

/** The host matches the names without regard to case, which AHDS does too: there they are host names. */
function routeBelow(names: readonly string[] | undefined, route: string): string {
  if (!names) return route;
  const service = `{service:regex(^(${names.join('|')})$)}`;
  return route === '' ? service : `${service}/${route}`;
}

/** HEAD comes with GET. OPTIONS belongs to the fallback, which knows the methods of every path. */
function servedMethods(row: { name: string; methods: readonly Method[] }): Method[] {
  const unfit = row.methods.find((method) => method === 'HEAD' || method === 'OPTIONS');
  if (unfit) throw new Error(`Operation ${row.name}: ${unfit} is served without being named.`);
  return row.methods.flatMap((method): Method[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** The type asks for `access`; this refuses the lists that would say nothing (`[]`) or allow everyone (`[[]]`). */
function checkAccess(name: string, access: Endpoint['access'] | undefined): void {
  const stated =
    access === 'public' || (Array.isArray(access) && access.length > 0 && access.every((all) => all.length));
  if (!stated) throw new Error(`Operation ${name}: state the data actions that it needs, or 'public'.`);
}
