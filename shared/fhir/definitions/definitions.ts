/**
 * What the generated definitions hold. `generated/` has the data, `generate/` makes it from HL7's packages,
 * `load.ts` reads it. Source: HL7 FHIR R4 4.0.1 (CC0-1.0).
 */
import type { PublishedTerminology } from './published-terminology.ts';

/** An element of a type. Names are as in JSON, a choice `value[x]` stands once per allowed type (`valueQuantity`). */
export interface ElementDefinition {
  readonly name: string;
  /** `string`, `HumanName`, `Reference`, a backbone's own path `Patient.contact`, `Resource` for a contained resource. */
  readonly type: string;
  /** Of a choice: how many of all its elements together. */
  readonly min: number;
  /** `Infinity` for `*`. */
  readonly max: number;
  /** `value` for `valueQuantity`: at most one of a choice may be there. */
  readonly choice?: string;
  readonly summary?: boolean;
  readonly modifier?: boolean;
  /** Types that a Reference (or canonical) may point at; absent: any. */
  readonly targets?: readonly string[];
  /** Canonical URL of the value set of a *required* binding, without version. */
  readonly binding?: string;
  /** Code system of a bare `code`, `http://hl7.org/fhir/administrative-gender`. */
  readonly system?: string;
}

export interface TypeDefinition {
  /** `Patient`, `HumanName`, or the path of a backbone element `Patient.contact`. */
  readonly name: string;
  readonly kind: 'resource' | 'complex-type' | 'backbone' | 'primitive-type';
  readonly elements: ReadonlyMap<string, ElementDefinition>;
}

export type SearchParameterType =
  | 'string'
  | 'token'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'reference'
  | 'composite'
  | 'special';

/** A search parameter as it applies to one resource type. */
export interface SearchParameter {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  /** `Patient`, or `Resource` / `DomainResource` for those that every type shares. */
  readonly base: string;
  /**
   * FHIRPath that `fhirpath` can run: `as` is `ofType`, `|` is `combine` (a value may come twice),
   * `.where(resolve() is T)` has become `targets`. Empty: none.
   */
  readonly expression: string;
  /** Target types of a reference parameter. */
  readonly targets: readonly string[];
  /** Components of a composite parameter: the code of the part's own parameter, and its expression from the composite's. */
  readonly components: readonly {
    readonly code: string;
    readonly type: SearchParameterType;
    readonly expression: string;
  }[];
}

export interface CompartmentDefinition {
  /** `Patient`, `Encounter`, `RelatedPerson`, `Practitioner`, `Device`. */
  readonly code: string;
  /** Resource type → codes of the reference parameters that put it into the compartment. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

export interface Definitions extends PublishedTerminology {
  readonly fhirVersion: '4.0.1';
  /** The 146 concrete resource types of R4, sorted. */
  readonly resourceTypes: readonly string[];
  readonly isResourceType: (name: string) => boolean;
  /** A resource, data type or backbone by name or path; undefined if R4 has none. */
  readonly type: (name: string) => TypeDefinition | undefined;
  /** All parameters that apply to a resource type, the shared ones included, by code. Empty for an unknown type. */
  readonly searchParameters: (resourceType: string) => ReadonlyMap<string, SearchParameter>;
  /** Parameters that every resource type shares, by code. */
  readonly sharedSearchParameters: ReadonlyMap<string, SearchParameter>;
  readonly compartments: ReadonlyMap<string, CompartmentDefinition>;
  /**
   * The codes of an expanded value set, by system; undefined when the set cannot be listed (too large, or defined by a
   * filter over a system that HL7 does not publish). Read from disk at its first use.
   */
  readonly codes: (valueSet: string) => ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** The code system that a `code` element is bound to, `http://hl7.org/fhir/administrative-gender` for `Patient.gender`. */
  readonly systemOfCode: (elementPath: string) => string | undefined;
}
