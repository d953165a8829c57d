/** Parameters that shape the answer instead of choosing resources. FHIR R4 3.1.1.5; limits and errors as AHDS has them. */
import { FhirError, type Issue } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import type { Subset } from '../resource/subset.ts';
import type { Pair } from './search-context.ts';

export type Total = 'none' | 'accurate' | 'estimate';

export interface ResultParameters {
  /** Matches on a page, 1 to 1000. */
  readonly count: number;
  /** Only `total` is asked for: `_summary=count` or `_count=0`. */
  readonly countOnly: boolean;
  /** `estimate`: counted up to a bound. */
  readonly total: Total;
  /** Undefined: whole resources. */
  readonly subset: Subset | undefined;
  /** Included resources on a page, 1 to 1000. */
  readonly includesCount: number;
  /** The token that a further page is asked for with. */
  readonly continuation: string | undefined;
  /** The token that further included resources are asked for with. */
  readonly includesContinuation: string | undefined;
}

const defaultCount = 10;
const maxCount = 1000;
const maxIncludesCount = 1000;

const names = ['_count', '_total', '_summary', '_elements', '_includesCount', 'includesCt', 'ct', '_format', '_pretty'];
const known: ReadonlySet<string> = new Set(names);
/** These change what a page shows, not which resources are found in which order. */
const shaping: ReadonlySet<string> = new Set([
  ...names,
  '_include',
  '_include:iterate',
  '_include:recurse',
  '_revinclude',
  '_revinclude:iterate',
  '_revinclude:recurse',
]);

export function isResultParameter(name: string): boolean {
  return known.has(name);
}

export function isShapingParameter(name: string): boolean {
  return shaping.has(name);
}

/** `issues` receives what is put right silently, such as a `_count` above the maximum. */
export function parseResultParameters(pairs: readonly Pair[], issues: Issue[]): ResultParameters {
  const given = onlyOnce(pairs);
  const count = numberOf(given, '_count', 0, maxCount, issues) ?? defaultCount;
  const subset = askedSubset(given);
  return {
    count,
    countOnly: count === 0 || given.get('_summary') === 'count',
    total: totalOf(given.get('_total')),
    subset,
    includesCount: numberOf(given, '_includesCount', 1, maxIncludesCount, issues) ?? maxIncludesCount,
    continuation: given.get('ct'),
    includesContinuation: given.get('includesCt'),
  };
}

function onlyOnce(pairs: readonly Pair[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (given.has(name)) throw new FhirError('invalid', `${name} is given more than once.`);
    given.set(name, value);
  }
  return given;
}

function numberOf(
  given: ReadonlyMap<string, string>,
  name: string,
  least: number,
  most: number,
  issues: Issue[],
): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (number < least) throw new FhirError('invalid', `${name} must be a number, ${least} or more.`);
  if (number > most) issues.push(information(`${name} is limited to ${most}.`));
  return Math.min(number, most);
}

/** AHDS differs: `estimate` is 403. */
function totalOf(text: string | undefined): Total {
  if (text === undefined) return 'none';
  if (text === 'none' || text === 'accurate' || text === 'estimate') return text;
  throw new FhirError('invalid', '_total must be none, accurate or estimate.');
}

export function information(diagnostics: string): Issue {
  return { severity: 'information', code: 'informational', diagnostics };
}
