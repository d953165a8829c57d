/**
 * Route templates as the Functions host reads them (ASP.NET Core routing): literals without regard to case, parameters
 * with an inline regex, a rest parameter. Braces of a regex are doubled (`{{1,64}}`). Anything else that ASP.NET offers
 * is refused, so that what is written here means the same in Azure and in the local host.
 */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly constraint: RegExp | undefined }
  /** `{*path}`: everything that is left, nothing included. */
  | { readonly kind: 'rest'; readonly name: string };

export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** Reads a template. `/` is the root; a slash at the start means nothing. Throws on anything but literals, `{name}`, `{name:regex(…)}` and a last `{*name}`, each a whole segment. */
export function parseRouteTemplate(text: string): RouteTemplate {
  const relative = text.replace(/^\//, '');
  const segments = relative === '' ? [] : splitSegments(relative).map((segment) => parseSegment(segment, text));
  const rest = segments.findIndex((segment) => segment.kind === 'rest');
  if (rest >= 0 && rest < segments.length - 1) throw new Error(`Route "${text}": {*…} must come last.`);
  return { text, segments };
}

/** The path's segments, percent-decoded; a slash at the end does not count, as in ASP.NET. */
export function pathSegments(pathname: string): string[] {
  const path = pathname.replace(/^\//, '').replace(/\/$/, '');
  if (path === '') return [];
  const segments = path.split('/');
  return path.includes('%') ? segments.map(decodeSegment) : segments;
}

/** The parameters' values, or undefined when the template does not match. */
export function matchRoute(template: RouteTemplate, path: readonly string[]): Record<string, string> | undefined {
  const { segments } = template;
  const rest = segments.at(-1)?.kind === 'rest';
  if (rest ? path.length < segments.length - 1 : path.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [position, segment] of segments.entries()) {
    if (segment.kind === 'rest') values[segment.name] = path.slice(position).join('/');
    else if (!accepts(segment, path[position] ?? '')) return undefined;
    else if (segment.kind === 'parameter') values[segment.name] = path[position] ?? '';
  }
  return values;
}

/** Whether one path segment satisfies one template segment. An empty path segment satisfies none. */
export function accepts(segment: Segment, value: string): boolean {
  if (segment.kind === 'literal') return sameIgnoringCase(segment.text, value);
  return (
    value !== '' && (segment.kind === 'rest' || segment.constraint === undefined || segment.constraint.test(value))
  );
}

export function sameIgnoringCase(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/** Splits at slashes outside braces; a regex may contain one. */
function splitSegments(text: string): string[] {
  const segments: string[] = [];
  let start = 0;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const doubled = inside && text[at + 1] === char;
    if ((char === '{' || char === '}') && doubled) at++;
    else if (char === '{' && inside) throw new Error(`Route "${text}": a brace inside a parameter must be doubled.`);
    else if (char === '{') inside = true;
    else if (char === '}') inside = false;
    else if (char === '/' && !inside) {
      segments.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (inside) throw new Error(`Route "${text}": a parameter is not closed.`);
  segments.push(text.slice(start));
  return segments;
}

function parseSegment(text: string, route: string): Segment {
  if (text === '') throw new Error(`Route "${route}": an empty segment.`);
  if (!text.includes('{') && !text.includes('}')) return { kind: 'literal', text };
  const parameter = /^\{(\*?)([A-Za-z][A-Za-z0-9]*)(?::regex\((.*)\))?\}$/s.exec(text);
  if (!parameter) throw new Error(`Route "${route}": "${text}" is neither a literal nor a whole parameter.`);
  const [, star, name = '', pattern] = parameter;
  // Trigger metadata has entries of these names that are not parameters (spec: HTTP streaming mode).
  if (name === 'Query' || name === 'Headers') throw new Error(`Route "${route}": "${name}" is the host's own name.`);
  if (star) return { kind: 'rest', name };
  if (pattern === undefined) return { kind: 'parameter', name, constraint: undefined };
  return { kind: 'parameter', name, constraint: parseConstraint(pattern, route) };
}

/** The host matches with IgnoreCase and anywhere in the value, hence the anchors. */
function parseConstraint(pattern: string, route: string): RegExp {
  if (/\)[:=]/.test(pattern)) throw new Error(`Route "${route}": ASP.NET ends a constraint at "):" and ")=".`);
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) throw new Error(`Route "${route}": anchor the regex.`);
  return new RegExp(pattern.replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
}

/** What is not valid percent-encoding stays as it is, as in Kestrel. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
