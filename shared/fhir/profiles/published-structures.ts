/** R4's own structures: types, profiles (vital signs, bp, bmi) and extensions. Read from disk when one is first asked for. */
import { type GeneratedLines, readGenerated } from '../definitions/generated-lines.ts';
import type { Structure, StructureElement } from './structure.ts';

let lines: GeneratedLines<Structure> | undefined;

/** Undefined when R4 has no structure of that url. */
export function publishedStructure(url: string): Structure | undefined {
  lines ??= readGenerated<Structure>('structures.ndjson');
  const structure = lines.get(url);
  return structure && { ...structure, elements: structure.elements.map(corrected) };
}

const vitalSignsUnits = 'http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1';

/**
 * As published, R4's vital signs demand one of a few units of every component, flow rates and coded values included; HL7's
 * validator calls that wrong and reads the binding as extensible.
 */
function corrected(element: StructureElement): StructureElement {
  const { binding } = element;
  return binding?.valueSet === vitalSignsUnits
    ? { ...element, binding: { ...binding, strength: 'extensible' } }
    : element;
}
