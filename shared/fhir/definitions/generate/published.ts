/** The parts of HL7's published resources that the generator reads. Source: FHIR R4 4.0.1. */
import type { JsonObject, JsonValue } from '../../resource/types.ts';

export interface PublishedElement {
  path: string;
  base?: { path: string };
  min: number;
  max: string;
  type?: { code: string; targetProfile?: string[]; extension?: { url: string; valueUrl?: string }[] }[];
  contentReference?: string;
  isSummary?: boolean;
  isModifier?: boolean;
  binding?: { strength: 'required' | 'extensible' | 'preferred' | 'example'; valueSet?: string };
}

export interface StructureDefinition {
  resourceType: 'StructureDefinition';
  url: string;
  type: string;
  kind: 'resource' | 'complex-type' | 'primitive-type' | 'logical';
  abstract: boolean;
  derivation?: 'specialization' | 'constraint';
  snapshot: { element: PublishedElement[] };
}

export interface PublishedSearchParameter {
  resourceType: 'SearchParameter';
  id: string;
  url: string;
  code: string;
  type: string;
  base?: string[];
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
}

export interface PublishedCompartment {
  resourceType: 'CompartmentDefinition';
  id: string;
  code: string;
  resource: { code: string; param?: string[] }[];
}

export interface ExpansionContains {
  system?: string;
  code?: string;
  display?: string;
  abstract?: boolean;
  contains?: ExpansionContains[];
}

export interface PublishedValueSet {
  [name: string]: unknown;
  resourceType: 'ValueSet';
  url: string;
  compose?: { include: PublishedInclude[]; exclude?: PublishedInclude[] };
  expansion?: { timestamp: string; contains?: ExpansionContains[]; extension?: { url: string }[] };
}

interface PublishedInclude {
  system?: string;
  version?: string;
  concept?: JsonValue;
  valueSet?: string[];
}

/** A CodeSystem or ConceptMap. */
export interface PublishedTerminology extends JsonObject {
  url: string;
}

/** What the two packages hold, as far as the generator needs it. */
export interface Published {
  readonly structures: readonly StructureDefinition[];
  readonly searchParameters: readonly PublishedSearchParameter[];
  readonly compartments: readonly PublishedCompartment[];
  readonly valueSets: ReadonlyMap<string, PublishedValueSet>;
  readonly expansions: ReadonlyMap<string, PublishedValueSet>;
  readonly codeSystems: readonly PublishedTerminology[];
  readonly conceptMaps: readonly PublishedTerminology[];
  /** The text of each example resource, by file name. */
  readonly examples: ReadonlyMap<string, string>;
}
