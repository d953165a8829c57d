/**
 * Proves that at most one row answers a request. The host tries templates in the order of the Functions' names and the
 * first hit wins, so two rows that both match would be decided by their names.
 */
import { accepts, type RouteTemplate, type Segment } from './route-template.ts';

export interface Routed {
  readonly name: string;
  readonly methods: readonly string[];
  readonly template: RouteTemplate;
}

/** Pairs of names that could answer the same request. */
export function routeConflicts(rows: readonly Routed[]): [string, string][] {
  const conflicts: [string, string][] = [];
  for (const [position, row] of rows.entries()) {
    for (const other of rows.slice(position + 1)) {
      const sharedMethod = row.methods.some((method) => other.methods.includes(method));
      if (sharedMethod && mayOverlap(row.template, other.template)) conflicts.push([row.name, other.name]);
    }
  }
  return conflicts;
}

/**
 * False only when some position proves that no path matches both. Two parameters count as overlapping unless one of them
 * has finitely many values and the other accepts none: this may accuse an innocent pair, never acquit a guilty one.
 */
export function mayOverlap(a: RouteTemplate, b: RouteTemplate): boolean {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let position = 0; position < length; position++) {
    const left = a.segments[position];
    const right = b.segments[position];
    if (left?.kind === 'rest' || right?.kind === 'rest') return true;
    if (!left || !right) return false;
    if (disjoint(left, right)) return false;
  }
  return true;
}

function disjoint(left: Segment, right: Segment): boolean {
  const values = finiteValues(left);
  if (values) return !values.some((value) => accepts(right, value));
  return finiteValues(right)?.some((value) => accepts(left, value)) === false;
}

/** The values of a literal or of a constraint like `^(fhir|research)$`; undefined when there is no such list. */
function finiteValues(segment: Segment): string[] | undefined {
  if (segment.kind === 'literal') return [segment.text];
  if (segment.kind === 'rest' || !segment.constraint) return undefined;
  const list = /^\^\(([A-Za-z0-9_-]+(?:\|[A-Za-z0-9_-]+)*)\)\$$/.exec(segment.constraint.source);
  return list?.[1]?.split('|');
}
