/** A FHIR mapping as it was found valid: how measurements become Observations. */

export interface MappedCode {
  readonly code?: string;
  readonly system?: string;
  readonly display?: string;
}

export interface MappedConcept {
  readonly text?: string;
  readonly codes: readonly MappedCode[];
}

/** `name` is the measurement's property. */
export type ValueTemplate =
  /** `periodMs` is needed once there are measurements. */
  | { readonly type: 'SampledData'; readonly name: string; readonly periodMs?: number; readonly unit?: string }
  | {
      readonly type: 'Quantity';
      readonly name: string;
      readonly unit?: string;
      readonly system?: string;
      readonly code?: string;
    }
  | { readonly type: 'String'; readonly name: string }
  /** `codes` are needed once there are measurements. */
  | {
      readonly type: 'CodeableConcept';
      readonly name: string;
      readonly text?: string;
      readonly codes?: readonly MappedCode[];
    };

export interface ComponentTemplate {
  readonly codes: readonly MappedCode[];
  readonly value: ValueTemplate;
}

export interface CodeValueTemplate {
  readonly typeName: string;
  /** -1: one Observation for a correlation id; 0: for a measurement; 60, 1440: for an hour, a day. */
  readonly periodInterval: number;
  readonly codes: readonly MappedCode[];
  readonly category: readonly MappedConcept[];
  readonly value?: ValueTemplate;
  readonly components: readonly ComponentTemplate[];
}

export interface FhirMapping {
  /** By type name in lower case. */
  readonly templates: ReadonlyMap<string, CodeValueTemplate>;
}

/** The template of a measurement's type; case does not count. */
export function templateOf({ templates }: FhirMapping, type: string): CodeValueTemplate | undefined {
  return templates.get(type.toLowerCase());
}
