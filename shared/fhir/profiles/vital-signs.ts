/**
 * Observations of vital signs conform to R4's profiles of them, whether they say so or not. Source: FHIR R4, Observation
 * Vital Signs Profile: whoever exchanges one of its signs SHALL follow the profile, whose LOINC code has to be there beside
 * any other code. A sign is known by that code, or by the concept of SNOMED CT of the same meaning.
 */
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';

const signs: readonly { readonly profile: string; readonly loinc: string; readonly snomed: readonly string[] }[] = [
  { profile: 'vitalspanel', loinc: '85353-1', snomed: [] },
  { profile: 'resprate', loinc: '9279-1', snomed: ['86290005'] },
  { profile: 'heartrate', loinc: '8867-4', snomed: ['364075005'] },
  { profile: 'oxygensat', loinc: '2708-6', snomed: ['431314004'] },
  { profile: 'bodytemp', loinc: '8310-5', snomed: ['386725007', '276885007'] },
  { profile: 'bodyheight', loinc: '8302-2', snomed: ['1153637007', '50373000'] },
  { profile: 'headcircum', loinc: '9843-4', snomed: ['363812007'] },
  { profile: 'bodyweight', loinc: '29463-7', snomed: ['27113001'] },
  { profile: 'bmi', loinc: '39156-5', snomed: ['60621009'] },
  { profile: 'bp', loinc: '85354-9', snomed: ['75367002'] },
];

const profiles: ReadonlyMap<string, string> = new Map(
  signs.flatMap(({ profile, loinc, snomed }) => {
    const codes = [`http://loinc.org|${loinc}`, ...snomed.map((code) => `http://snomed.info/sct|${code}`)];
    return codes.map((code) => [code, `http://hl7.org/fhir/StructureDefinition/${profile}`] as const);
  }),
);

/** The profiles of the signs that the resource is an observation of. */
export function vitalSignProfiles(resource: JsonValue | undefined): string[] {
  if (!isObject(resource) || resource.resourceType !== 'Observation' || !isObject(resource.code)) return [];
  const codings = Array.isArray(resource.code.coding) ? resource.code.coding.filter(isObject) : [];
  const found = codings.map(({ system, code }) => profiles.get(`${system}|${code}`));
  return [...new Set(found.filter((profile) => profile !== undefined))];
}
