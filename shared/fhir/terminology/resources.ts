/** CodeSystem, ValueSet and ConceptMap as far as terminology reads them. Source: FHIR R4; they are valid when they get here. */
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';

interface CanonicalResource extends Resource {
  url?: string;
  version?: string;
  name?: string;
  title?: string;
}

export interface CodeSystemResource extends CanonicalResource {
  content?: string;
  caseSensitive?: boolean;
  hierarchyMeaning?: string;
  valueSet?: string;
  supplements?: string;
  property?: (JsonObject & { code: string; uri?: string })[];
  concept?: ConceptDefinition[];
}

export interface ConceptDefinition extends JsonObject {
  code: string;
  display?: string;
  definition?: string;
  designation?: Designation[];
  property?: ConceptProperty[];
  concept?: ConceptDefinition[];
}

export interface Designation extends JsonObject {
  language?: string;
  use?: JsonObject;
  value: string;
}

export interface ConceptProperty extends JsonObject {
  code: string;
}

export interface ConceptMapResource extends CanonicalResource {
  sourceUri?: string;
  sourceCanonical?: string;
  targetUri?: string;
  targetCanonical?: string;
  group?: ConceptMapGroup[];
}

export interface ConceptMapGroup extends JsonObject {
  source?: string;
  target?: string;
  targetVersion?: string;
  element: MappedElement[];
  unmapped?: JsonObject & { mode: string; code?: string; display?: string; url?: string };
}

export interface MappedElement extends JsonObject {
  code?: string;
  display?: string;
  target?: MappingTarget[];
}

export interface MappingTarget extends JsonObject {
  code?: string;
  display?: string;
  equivalence: string;
  dependsOn?: MappedProperty[];
  product?: MappedProperty[];
}

export interface MappedProperty extends JsonObject {
  property: string;
  system?: string;
  value: string;
  display?: string;
}

export interface ValueSetResource extends CanonicalResource {
  compose?: JsonObject & { inactive?: boolean; include: ConceptSet[]; exclude?: ConceptSet[] };
  expansion?: JsonObject & { extension?: JsonObject[]; contains?: ExpansionContains[] };
}

export interface ConceptSet extends JsonObject {
  system?: string;
  version?: string;
  concept?: ListedConcept[];
  filter?: PropertyFilter[];
  valueSet?: string[];
}

export interface ListedConcept extends JsonObject {
  code: string;
  display?: string;
  designation?: Designation[];
}

export interface PropertyFilter extends JsonObject {
  property: string;
  op: string;
  value: string;
}

export interface ExpansionContains extends JsonObject {
  system?: string;
  version?: string;
  code?: string;
  display?: string;
  abstract?: boolean;
  inactive?: boolean;
  designation?: Designation[];
  contains?: ExpansionContains[];
}

/** The value of a `value[x]`. */
export function typedValue(holder: JsonObject): JsonValue | undefined {
  const name = Object.keys(holder).find((one) => /^value[A-Z]/.test(one));
  return name === undefined ? undefined : holder[name];
}
