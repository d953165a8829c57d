import { type Endpoint, endpointsOf, type MountedKind, type ServiceKind } from './endpoint.ts';
import { routeConflicts } from './route-conflicts.ts';
import { unmatchedEndpoint } from './unmatched.ts';

/** A mounted kind whose service type no longer matters. */
export interface Mount {
  readonly names: readonly string[];
  readonly renderError: ServiceKind<never>['renderError'];
  readonly endpoints: readonly Endpoint[];
}

export function mount<Service>(kind: MountedKind<Service>): Mount {
  return { names: kind.names ?? [], renderError: kind.renderError, endpoints: endpointsOf(kind) };
}

/** Every row of a workspace and the fallback. Throws when two rows could answer the same request. */
export function allEndpoints(root: Mount, services: readonly Mount[]): Endpoint[] {
  const endpoints = [root, ...services].flatMap((part) => part.endpoints);
  const [conflict] = routeConflicts(endpoints);
  if (conflict) throw new Error(`Operations ${conflict.join(' and ')} could answer the same request.`);
  const renderers = new Map(services.flatMap(({ names, renderError }) => names.map((name) => [name, renderError])));
  return [...endpoints, unmatchedEndpoint(endpoints, (name) => renderers.get(name) ?? root.renderError)];
}
