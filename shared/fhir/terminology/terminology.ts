/**
 * Code systems and value sets by their canonical URL: those of R4 and those that the service stores. Finding one may take
 * a read of the store; what is found answers at once, so that a compiled validation or search can ask it per value.
 */

export interface CodedConcept {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

export interface ValueSetMembers {
  readonly url: string;
  /**
   * True or false; undefined where it cannot be told here: a system whose codes are not known, a filter that is not
   * understood. `system` undefined: a bare `code`, of whatever system.
   */
  has(system: string | undefined, code: string): boolean | undefined;
  /**
   * Every member; undefined when they cannot be listed or are more than AHDS's ceiling of 20,000. Of a set that draws on a
   * fragment of a code system those that are known: what else is a member `has` leaves unknown.
   */
  list(): readonly CodedConcept[] | undefined;
}

export interface CodeSystemConcepts {
  readonly url: string;
  /** All codes are here: one that is not does not exist. */
  readonly complete: boolean;
  readonly caseSensitive: boolean;
  /** Undefined where a code that is not here may yet exist. */
  has(code: string): boolean | undefined;
  /** The concept's display; `undefined` for a code that is not here. */
  concept(code: string): CodedConcept | undefined;
  /** The code itself first, then everything below it; empty for a code that is not here. */
  descendants(code: string): readonly string[];
  /** The code itself first, then everything above it; empty for a code that is not here. */
  ancestors(code: string): readonly string[];
}

export interface Terminology {
  /** `url` or `url|version`. Undefined when there is no such value set here. */
  valueSet(canonical: string): Promise<ValueSetMembers | undefined>;
  /** `url` or `url|version`. Undefined when the system is not known here. */
  codeSystem(canonical: string): Promise<CodeSystemConcepts | undefined>;
}
