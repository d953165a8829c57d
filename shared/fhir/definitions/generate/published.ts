/** The parts of HL7's published resources that the generator reads. Source: FHIR R4 4.0.1. */

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
  abstract?: boolean;
  contains?: ExpansionContains[];
}

export interface PublishedValueSet {
  resourceType: 'ValueSet';
  url: string;
  compose?: { include: { system?: string; valueSet?: string[] }[] };
  expansion?: { contains?: ExpansionContains[]; extension?: { url: string }[] };
}

/** What the two packages hold, as far as the generator needs it. */
export interface Published {
  readonly structures: readonly StructureDefinition[];
  readonly searchParameters: readonly PublishedSearchParameter[];
  readonly compartments: readonly PublishedCompartment[];
  readonly valueSets: ReadonlyMap<string, PublishedValueSet>;
  readonly expansions: ReadonlyMap<string, PublishedValueSet>;
  /** The text of each example resource, by file name. */
  readonly examples: ReadonlyMap<string, string>;
}
