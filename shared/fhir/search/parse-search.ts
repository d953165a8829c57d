/** From the pairs of a URL or form to a search: the front of the search compiler. Docs: docs/search.md. */
import type { Condition, Query, SortKey } from '../../stores/resources/query.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError, type Issue } from '../outcome.ts';
import { knownTypes } from './column-condition.ts';
import { type Compartment, compartmentCondition, memberTypes } from './compartment.ts';
import { allOf } from './conditions.ts';
import { criterion } from './criterion.ts';
import { type AskedInclude, includeName, maxIncludes, parseIncludes } from './include.ts';
import type { Lookups } from './lookups.ts';
import { isResultParameter, parseResultParameters, type ResultParameters } from './result-parameters.ts';
import { type Pair, type SearchContext, UnsupportedParameter } from './search-context.ts';
import { parseSort } from './sort.ts';

export interface SearchInput {
  readonly definitions: Definitions;
  /** The type in the address; undefined for a search over the whole service. */
  readonly types: readonly string[] | undefined;
  /** Only what is in it is found. */
  readonly compartment?: Compartment | undefined;
  /** Decoded, in the order of the request. */
  readonly pairs: readonly Pair[];
  /** Absolute URL of the service without a trailing slash. */
  readonly base: string;
  /** `Prefer: handling=strict`. */
  readonly strict: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The service indexes its resources' text. */
  readonly fullText?: boolean | undefined;
  readonly dateContainment?: boolean | undefined;
  /** From `withLookups`; without it value sets, hierarchies and lists are not offered. */
  readonly lookups?: Lookups | undefined;
}

export interface SearchRequest extends ResultParameters {
  readonly query: Query;
  readonly includes: readonly AskedInclude[];
  /** What the self link shows: the pairs that were understood, without the continuation token. */
  readonly accepted: readonly Pair[];
  /** Warnings and information for the outcome entry. */
  readonly issues: readonly Issue[];
}

const maxPairs = 100;

/**
 * Throws `FhirError`: 400 for bad values and too much of everything, 403 for operations that AHDS does not offer.
 * Unsupported parameters become warnings, or 400 together when `strict`.
 */
export function parseSearch(input: SearchInput): SearchRequest {
  const pairs = distinctPairs(input.pairs);
  const context: SearchContext = { ...input, issues: [], values: 0 };
  const unsupported: string[] = [];
  const accepted: Pair[] = [];
  const attempt = <T>(pair: Pair, parse: () => T): T | undefined => {
    const parsed = supported(parse, () => unsupported.push(pair[0]));
    if (parsed !== undefined) accepted.push(pair);
    return parsed;
  };

  const resultPairs: Pair[] = [];
  const conditions: Condition[] = [];
  const includes: AskedInclude[] = [];
  const sorts: SortKey[][] = [];
  const { compartment } = input;
  const types = input.types ?? typesAsked(context, pairs) ?? (compartment && memberTypes(compartment));
  if (compartment && types) conditions.push(compartmentCondition(context, compartment, types));
  for (const pair of pairs) {
    const [name, value] = pair;
    const including = includeName(name);
    if (isResultParameter(name)) {
      resultPairs.push(pair);
      if (name !== 'ct' && name !== 'includesCt') accepted.push(pair);
    } else if (including) {
      includes.push(...(attempt(pair, () => parseIncludes(context, types, including, value)) ?? []));
    } else if (name === '_sort') {
      const keys = attempt(pair, () => parseSort(context, types, value));
      if (keys) sorts.push(keys);
    } else if (name === '_type' && !input.types) {
      accepted.push(pair);
    } else {
      const condition = attempt(pair, () => criterion(context, types, name, value));
      if (condition) conditions.push(condition);
    }
  }
  if (sorts.length > 1) throw new FhirError('invalid', '_sort is given more than once.');
  if (types?.length === 0) conditions.push({ kind: 'nothing' });

  return {
    ...parseResultParameters(resultPairs, context.issues),
    query: {
      types: types?.length === 0 ? undefined : types,
      where: conditions.length === 0 ? undefined : allOf(conditions),
      sort: sorts[0] ?? [],
    },
    includes: distinctIncludes(includes),
    accepted,
    issues: [...unsupportedIssues(unsupported, input.strict), ...context.issues],
  };
}

export function distinctPairs(pairs: readonly Pair[]): readonly Pair[] {
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  if (distinct.length > maxPairs) throw new FhirError('too-costly', `A search has at most ${maxPairs} parameters.`);
  return distinct;
}

/** Undefined when the parameter is not supported, after `note` was told. */
export function supported<T>(parse: () => T, note: () => void): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UnsupportedParameter)) throw error;
    note();
    return undefined;
  }
}

/** The types that `_type` chooses in a search over the whole service; several of them must all be met. */
function typesAsked(context: SearchContext, pairs: readonly Pair[]): readonly string[] | undefined {
  const asked = pairs.filter(([name]) => name === '_type').map(([, value]) => value);
  if (asked.length === 0) return undefined;
  if (asked.includes('')) throw new FhirError('invalid', '_type must name at least one resource type.');
  const [first = [], ...more] = asked.map((value) => knownTypes(context, value));
  return first.filter((type) => more.every((types) => types.includes(type)));
}

function distinctIncludes(includes: readonly AskedInclude[]): readonly AskedInclude[] {
  const distinct = [...new Map(includes.map((include) => [JSON.stringify(include), include])).values()];
  if (distinct.length > maxIncludes) throw new FhirError('too-costly', 'The search includes too much.');
  return distinct;
}

/** Warnings about parameters that were ignored; all of them together as a 400 when `strict`. */
export function unsupportedIssues(names: readonly string[], strict: boolean): Issue[] {
  const severity = strict ? 'error' : 'warning';
  const issues = names.map((name): Issue => {
    return { severity, code: 'not-supported', diagnostics: `The search parameter '${name}' is not supported.` };
  });
  if (strict && issues.length > 0) throw new FhirError('not-supported', issues);
  return issues;
}
