import type { Definitions } from '../definitions/definitions.ts';
import { FhirError, type Issue } from '../outcome.ts';
import type { Lookups } from './lookups.ts';

export type Pair = readonly [name: string, value: string];

/** What the compilation of one search works with. */
export interface SearchContext {
  readonly definitions: Definitions;
  /** Absolute URL of the service without a trailing slash: references below it are its own. */
  readonly base: string;
  /** Milliseconds since 1970, for `ap`. */
  readonly now: number;
  /** The service indexes its resources' text. */
  readonly fullText?: boolean | undefined;
  /** `eq` of a date is containment, as FHIR has it, instead of AHDS's overlap. */
  readonly dateContainment?: boolean | undefined;
  /** Undefined where a search cannot wait for value sets, hierarchies and lists. */
  readonly lookups?: Lookups | undefined;
  /** What the search result will say besides its matches. */
  readonly issues: Issue[];
  /** Values tested so far, over all parameters. */
  values: number;
}

/** Alternatives of one parameter. */
export const maxAlternatives = 500;
/** Tests of one search, over all its parameters and types: a query's parameters are bounded in every store. */
export const maxValues = 1000;
/** Links of a chain, `_has` included. */
export const maxChainDepth = 10;

/** A parameter that the service does not know or offer: ignored with a warning, or refused by `Prefer: handling=strict`. */
export class UnsupportedParameter extends Error {}

/** A search operation that AHDS does not offer: 403, whatever the handling. */
export function notOffered(diagnostics: string): FhirError {
  return new FhirError('search-not-supported', diagnostics);
}

export function badValue(code: string, what: string): FhirError {
  return new FhirError('invalid', `The value of the search parameter '${code}' is not ${what}.`);
}

/** Counts `more` tests; throws `too-costly` (400) past the limits. */
export function spend(context: SearchContext, more: number): void {
  context.values += more;
  if (more > maxAlternatives || context.values > maxValues) {
    const limit = more > maxAlternatives ? `${maxAlternatives} values per parameter` : `${maxValues} values`;
    throw new FhirError('too-costly', `The search asks for too much: at most ${limit}.`);
  }
}
