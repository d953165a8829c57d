/**
 * The classes of the end-to-end suite of `microsoft/fhir-server`, which is the catalogue of AHDS's behaviour: how many test
 * methods and data rows each has there. Our tests of the same behaviour stand in a `describe` that begins with the name.
 */
export interface ScenarioClass {
  readonly name: string;
  readonly methods: number;
  readonly rows: number;
}

export interface ScenarioArea {
  readonly area: string;
  /** `Create 16 6`: name, methods, rows. */
  readonly classes: string;
}

export const scenarioAreas: readonly ScenarioArea[] = [
  { area: 'CRUD and history', classes: 'Create 16 6, Delete 5 2, History 16 2, Read 3 0, Update 15 3, VRead 4 0' },
  {
    area: 'Conditional and patch',
    classes:
      'ConditionalCreate 7 5, ConditionalDelete 11 15, ConditionalPatch 12 4, ConditionalUpdate 10 0, FhirPathPatch 26 6, JsonPatch 23 21, PatchBody 4 0',
  },
  { area: 'Bundles', classes: 'BundleBatch 7 16, BundleEdgeCase 5 0, BundleTransaction 17 12' },
  {
    area: 'Search',
    classes:
      'Compartment 13 0, BasicSearch 54 17, CanonicalSearch 4 0, ChainingAndSort 1 0, ChainingSearch 27 2, CompositeSearch 4 52, CustomSearchParam 5 9, DateSearch 6 119, EscapeCharactersSearch 2 0, IdSearch 2 0, IncludeSearch 61 8, IncludesOperation 3 9, MsSearchParameter 1 0, NotExpression 1 0, NotReferencedSearch 4 0, NumberSearch 1 28, QuantitySearch 1 133, ReferenceSearch 1 12, SearchParameterInitialization 2 4, SearchProxy 2 0, Sort 54 46, StringSearch 8 25, TokenOverflow 8 14, TokenSearch 11 10, UriSearch 1 11',
  },
  { area: 'Reindex', classes: 'Reindex 21 27' },
  {
    area: 'Operations',
    classes: 'DocRefOperation 2 28, ExpandOperation 5 20, EverythingOperation 19 5, MemberMatch 4 11, Validate 12 14',
  },
  {
    area: 'Conformance',
    classes:
      'CreateAllFhirResources 1 0, VersionSpecific 5 0, Cors 1 0, CustomHeaders 4 8, Exception 4 0, Health 2 0, Metadata 5 8, ObservationResolveReference 2 0, OperationVersions 4 6, ResourceTypeCaseSensitivity 2 7',
  },
];

export function classesOf({ classes }: ScenarioArea): ScenarioClass[] {
  return classes.split(', ').map((text) => {
    const [name = '', methods, rows] = text.split(' ');
    return { name, methods: Number(methods), rows: Number(rows) };
  });
}
