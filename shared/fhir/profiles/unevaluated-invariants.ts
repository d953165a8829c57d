/**
 * R4's invariants that are not run as FHIRPath, each with the reason. All others are.
 * Source: FHIR R4 4.0.1, as published in hl7.fhir.r4.examples.
 */

/** Checked on every write by the structural validation (`shared/fhir/validation/`). */
const checkedByStructure: Readonly<Record<string, string>> = {
  'ele-1': 'nothing is empty: compile-type.ts',
  'ext-1': 'a value or extensions: extension.ts',
  'dom-2': 'nothing contained in what is contained: compile-resource.ts',
  'dom-3':
    'contained resources are referred to: contained.ts; as published it misses `url` references and takes quadratic time',
  'ref-1': 'a local reference finds its resource: references.ts; as published it refuses `#`, the container itself',
  'txt-1': 'the elements of a narrative: narrative.ts',
  'txt-2': 'a narrative has content: HL7 publishes examples without, see narrative.ts',
};

/** As published they are wrong: they refuse what the specification allows, HL7's own examples among it. */
const broken: Readonly<Record<string, string>> = {
  'bdl-8': 'fails for an entry without fullUrl, which R4 allows: `empty.not()` is empty',
  'que-7': 'compares with `Boolean`, the type of FHIRPath; an answer has `boolean`, that of FHIR',
  'ras-1': 'speaks of a Range, and stands at a choice that may be a decimal',
  'ras-2': 'fails for a prediction without probability, which R4 allows',
};

export function isCheckedByStructure(key: string): boolean {
  return key in checkedByStructure;
}

export function isBroken(key: string): boolean {
  return key in broken;
}
