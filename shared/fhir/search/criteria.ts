/** The criteria of conditional interactions: searches that only choose resources. FHIR R4 3.1.0.8.1. */
import type { Condition, Query } from '../../stores/resources/query.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { allOf } from './conditions.ts';
import { criterion } from './criterion.ts';
import { includeName } from './include.ts';
import type { Lookups } from './lookups.ts';
import { distinctPairs, supported, unsupportedIssues } from './parse-search.ts';
import { isResultParameter } from './result-parameters.ts';
import type { Pair, SearchContext } from './search-context.ts';

export interface CriteriaInput {
  readonly definitions: Definitions;
  readonly type: string;
  readonly pairs: readonly Pair[];
  /** Absolute URL of the service without a trailing slash. */
  readonly base: string;
  /** An unsupported parameter is 400; else it is ignored, and the criteria match more than they say. */
  readonly strict?: boolean;
  /** Milliseconds since 1970; only `ap` looks at it. */
  readonly now?: number;
  /** The service indexes its resources' text. */
  readonly fullText?: boolean | undefined;
  readonly dateContainment?: boolean | undefined;
  readonly lookups?: Lookups | undefined;
}

/**
 * The query of a conditional interaction and how many of its parameters choose anything: result parameters and unsupported
 * ones do not. Throws `FhirError` like a search does.
 */
export function parseCriteria(input: CriteriaInput): { query: Query; usable: number } {
  const { definitions, type, pairs, base, strict = false, now = Date.now() } = input;
  const { dateContainment, fullText, lookups } = input;
  const context: SearchContext = { definitions, base, now, dateContainment, fullText, lookups, issues: [], values: 0 };
  const conditions: Condition[] = [];
  const unsupported: string[] = [];
  for (const [name, value] of distinctPairs(pairs)) {
    if (isResultParameter(name) || name === '_sort' || includeName(name)) continue;
    const condition = supported(
      () => criterion(context, [type], name, value),
      () => unsupported.push(name),
    );
    if (condition) conditions.push(condition);
  }
  unsupportedIssues(unsupported, strict);
  const where = conditions.length === 0 ? undefined : allOf(conditions);
  return { query: { types: [type], where, sort: [] }, usable: conditions.length };
}
