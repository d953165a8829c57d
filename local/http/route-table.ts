/**
 * Which Function answers a request, by the host's rules: templates in the order of the Functions' names (ordinal,
 * ignoring case), the first whose template and methods match. There is no preference of literals over parameters.
 */
import {
  matchRoute,
  parseRouteTemplate,
  pathSegments,
  type RouteTemplate,
} from '../../shared/operations/route-template.ts';
import type { RegisteredFunction } from '../core/function-registry.ts';

export interface RouteMatch {
  readonly called: RegisteredFunction;
  readonly values: Readonly<Record<string, string>>;
}

interface Route {
  readonly called: RegisteredFunction;
  readonly methods: ReadonlySet<string>;
  readonly template: RouteTemplate;
}

export class RouteTable {
  readonly #routes: readonly Route[];
  /** Candidates by method and number of path segments, made when first asked for; counts are capped. */
  readonly #candidates = new Map<string, readonly Route[]>();

  /** Throws where the host would refuse to start: reserved addresses, the same template and method twice. */
  constructor(functions: Iterable<RegisteredFunction>) {
    const routes = [...functions].map(routeOf);
    this.#routes = routes.toSorted((a, b) => compareNames(a.called.metadata.name, b.called.metadata.name));
    for (const [position, route] of this.#routes.entries()) {
      refuseReserved(route);
      for (const other of this.#routes.slice(position + 1)) refuseTwice(route, other);
    }
  }

  /** `path` is a URL's path, percent-encoded. */
  find(method: string, path: string): RouteMatch | undefined {
    const segments = pathSegments(path);
    for (const { called, template } of this.#candidatesFor(method, segments.length)) {
      const values = matchRoute(template, segments);
      if (values) return { called, values };
    }
    return undefined;
  }

  #candidatesFor(method: string, length: number): readonly Route[] {
    const key = `${method} ${Math.min(length, longestCounted)}`;
    const known = this.#candidates.get(key);
    if (known) return known;
    const fitting = this.#routes.filter(({ methods, template }) => methods.has(method) && fits(template, length));
    if (methodNames.has(method)) this.#candidates.set(key, fitting);
    return fitting;
  }
}

/** Longer paths share one list of candidates: only templates with a rest can match them, the others fail one by one. */
const longestCounted = 32;
const methodNames = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function fits({ segments }: RouteTemplate, length: number): boolean {
  if (segments.at(-1)?.kind === 'rest') return length >= segments.length - 1 || length >= longestCounted;
  return segments.length === length || (length >= longestCounted && segments.length >= longestCounted);
}

/** Without a route the Function's name is its route; `/` is the root. */
function routeOf(called: RegisteredFunction): Route {
  const { route, methods } = called.trigger;
  const template = parseRouteTemplate(typeof route === 'string' && route !== '' ? route : called.metadata.name);
  const list = Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [];
  return { called, methods: new Set(list), template };
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function refuseReserved({ template, called }: Route): void {
  if (/^\/?(admin|runtime)/i.test(template.text)) {
    throw new Error(`Function ${called.metadata.name}: the host keeps addresses that begin with admin or runtime.`);
  }
}

function refuseTwice(a: Route, b: Route): void {
  if (a.template.text.toLowerCase() !== b.template.text.toLowerCase()) return;
  const method = [...a.methods].find((each) => b.methods.has(each));
  if (!method) return;
  const names = `${a.called.metadata.name} and ${b.called.metadata.name}`;
  throw new Error(`Functions ${names} have the same route "${a.template.text}" for ${method}.`);
}
