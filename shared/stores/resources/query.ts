/**
 * A search as a tree, independent of the store that runs it. Immutable: a rewrite makes a new tree.
 * The FHIR search compiler (`shared/fhir/search/`) builds it, each store compiles it to its own query text and parameters.
 */
import type { IndexKind, ParameterKey } from './index-entry.ts';

/** One comparison of an end of the stored range with a number (an instant for dates). */
export interface Bound {
  readonly end: 'low' | 'high';
  readonly is: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

/** All bounds must hold (`every`) or at least one of them (`some`: only `ne` needs it). */
export interface Range {
  readonly join: 'every' | 'some';
  readonly bounds: readonly Bound[];
}

/** What one value of a parameter is tested for. A property that is absent is not tested; `null` means «has none». */
export type ValueTest =
  | { readonly kind: 'string'; readonly match: 'starts' | 'contains' | 'ends' | 'is'; readonly folded: string }
  | { readonly kind: 'string'; readonly match: 'exact'; readonly exact: string }
  | { readonly kind: 'token'; readonly system?: string | null; readonly code?: string; readonly text?: string }
  /** Any of the codes: what a value set or a hierarchy comes to. */
  | { readonly kind: 'token-set'; readonly system: string; readonly codes: readonly string[] }
  | { readonly kind: 'date'; readonly range: Range }
  | { readonly kind: 'number'; readonly range: Range }
  | { readonly kind: 'quantity'; readonly system?: string | null; readonly code?: string; readonly range: Range }
  /** In the base units of UCUM. */
  | { readonly kind: 'canonical-quantity'; readonly unit: string; readonly range: Range }
  /** Not further from the point of the unit sphere than `chord`, in a straight line. */
  | { readonly kind: 'point'; readonly x: number; readonly y: number; readonly z: number; readonly chord: number }
  /** `above`: the stored uri is a prefix of `uri`; `below`: `uri` is a prefix of the stored one. */
  | { readonly kind: 'uri'; readonly match: 'exact' | 'above' | 'below'; readonly uri: string }
  | {
      readonly kind: 'reference';
      readonly base?: string | null;
      readonly type?: string | null;
      readonly id?: string;
    };

export type Condition =
  | { readonly kind: 'and'; readonly of: readonly Condition[] }
  | { readonly kind: 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** Matches nothing: what a rewrite leaves of a contradiction. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  | { readonly kind: 'updated'; readonly range: Range }
  /** The parameter has any value at all; `of` says which kind of entries it makes. */
  | { readonly kind: 'present'; readonly param: ParameterKey; readonly of: IndexKind }
  /** Some value of the parameter passes the test. */
  | { readonly kind: 'value'; readonly param: ParameterKey; readonly test: ValueTest }
  /** Some value of the composite parameter passes all tests, one per component in order. */
  | { readonly kind: 'composite'; readonly param: ParameterKey; readonly parts: readonly ValueTest[] }
  /**
   * Has the words of `phrase` (folded) one behind the other, in its narrative or anywhere (`content`). A word is a run of
   * letters and digits.
   */
  | { readonly kind: 'text'; readonly in: 'narrative' | 'content'; readonly phrase: string }
  /** Refers by `param` to a current resource of one of `types` that meets `where`. */
  | {
      readonly kind: 'chain';
      readonly param: ParameterKey;
      readonly types: readonly string[];
      readonly where: Condition;
    }
  /** Some current resource of type `source` refers to this one by `param` and meets `where`. */
  | {
      readonly kind: 'referenced-by';
      readonly source: string;
      readonly param: ParameterKey;
      readonly where: Condition;
    }
  /** Some current resource, which meets `where`, refers to this one by one of the parameters. */
  | { readonly kind: 'referenced'; readonly by: readonly ParameterKey[]; readonly where?: Condition };

/** Without a key the order is that of the last change, oldest first. Resources without a value: first when ascending. */
export type SortKey =
  | { readonly by: 'updated' | 'id' | 'type'; readonly descending: boolean }
  | {
      readonly by: 'param';
      readonly param: ParameterKey;
      /** The same parameter of the further types that are searched. */
      readonly others?: readonly ParameterKey[];
      readonly of: IndexKind;
      readonly descending: boolean;
    };

/** `types` undefined: every type. `where` undefined: every current resource of these types. */
export interface Query {
  readonly types: readonly string[] | undefined;
  readonly where: Condition | undefined;
  readonly sort: readonly SortKey[];
}

/** Resources to add to a page of matches. FHIR R4 3.1.1.5.5. */
export type Include =
  /** The resources that a match refers to by `param`; `types` restricts their types. */
  | { readonly kind: 'include'; readonly param: ParameterKey; readonly types?: readonly string[] }
  /** The resources of type `source` that refer to a match by `param`; `types` restricts which matches. */
  | {
      readonly kind: 'revinclude';
      readonly source: string;
      readonly param: ParameterKey;
      readonly types?: readonly string[];
    };

/** The search is larger than the store is willing to run; the caller's to mend. */
export class QueryTooLarge extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryTooLarge';
  }
}
