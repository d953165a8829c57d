/**
 * A StructureDefinition reduced to what it demands of an instance. Made from the published JSON (`compact-structure.ts`),
 * for R4's own by the generator, for stored ones when they are first asked for.
 * Source: FHIR R4 5.1 (Profiling FHIR), ElementDefinition.
 */
import type { JsonObject, JsonValue } from '../resource/types.ts';

export interface Structure {
  readonly url: string;
  /** `Patient`, `Extension`, `Quantity`. */
  readonly type: string;
  /** Canonical of the structure that this one constrains; absent for one that stands on its own. */
  readonly base?: string;
  /** Where an extension may stand. */
  readonly context?: readonly ExtensionContext[];
  /** A modifier extension. */
  readonly modifier?: true;
  /** The elements are what differs from `base`, not all of them. */
  readonly differential?: true;
  readonly elements: readonly StructureElement[];
}

export interface ExtensionContext {
  readonly type: string;
  readonly expression: string;
}

/** What is not said is left to the structures below: the base and the types. */
export interface StructureElement {
  /** `Observation.component:SystolicBP.value[x]`. */
  readonly id: string;
  readonly min?: number;
  readonly max?: string;
  readonly types?: readonly ElementType[];
  readonly fixed?: JsonValue;
  readonly pattern?: JsonValue;
  readonly minValue?: JsonValue;
  readonly maxValue?: JsonValue;
  readonly maxLength?: number;
  readonly binding?: Binding;
  readonly slicing?: Slicing;
  readonly constraints?: readonly Constraint[];
  /** Id of the element whose content this one has: `Questionnaire.item`. */
  readonly content?: string;
}

export interface ElementType {
  readonly code: string;
  /** Canonicals of which the value must conform to one. */
  readonly profiles?: readonly string[];
  /** Canonicals of which the target of a reference must conform to one. */
  readonly targets?: readonly string[];
  readonly aggregation?: readonly string[];
}

export interface Binding {
  readonly strength: 'required' | 'extensible';
  /** Canonical, with its version where it has one. */
  readonly valueSet: string;
  /** Value set outside which no code may lie (extension elementdefinition-maxValueSet). */
  readonly max?: string;
}

export interface Slicing {
  readonly discriminators: readonly Discriminator[];
  readonly rules: 'open' | 'closed' | 'openAtEnd';
  readonly ordered?: true;
}

export interface Discriminator {
  readonly type: string;
  readonly path: string;
}

export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly expression: string;
  readonly human: string;
}

export type PublishedStructure = JsonObject;
