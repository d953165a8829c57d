/**
 * Observations of vital signs conform to R4's profiles of them, whether they say so or not. Source: FHIR R4, Observation
 * Vital Signs Profile: whoever exchanges one of its signs SHALL follow the profile, whose LOINC code has to be there beside
 * any other code. A sign is known by that code, by one of a more special sign (the
 * temperature of the ear), or by a concept of SNOMED CT of such a meaning.
 */
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';

interface Sign {
  /** Those of R4's profile first, then those of a more special sign of its kind. */
  readonly loinc: string;
  readonly snomed: string;
}

const signs: Readonly<Record<string, Sign>> = {
  vitalspanel: { loinc: '85353-1', snomed: '46680005' },
  resprate: { loinc: '9279-1 76170-0 76172-6 76171-8 19840-8 33438-3 76270-8 11291-2', snomed: '86290005' },
  heartrate: {
    loinc: '8867-4 73795-7 73799-9 76476-1 76477-9 8889-8 8890-6 8891-4 8892-2 8893-0 40443-4 55425-3 68999-2 69000-8',
    snomed: '364075005 249043002',
  },
  oxygensat: { loinc: '2708-6 19224-5 20564-1 2709-4 2710-2 2713-6 51733-4 59408-5 59417-6', snomed: '431314004' },
  bodytemp: {
    loinc: '8310-5 60834-9 60835-6 60836-4 60838-0 60955-2 61009-7 75539-7 8328-7 8329-5 8330-3 8331-1 8332-9 8333-7',
    snomed: '386725007 276885007',
  },
  bodyheight: { loinc: '8302-2 3137-7 3138-5 8306-3 8308-9', snomed: '1153637007 50373000' },
  headcircum: { loinc: '9843-4 8287-5', snomed: '363812007' },
  bodyweight: { loinc: '29463-7 3141-9 3142-7 75292-3 79348-9 8350-1 8351-9', snomed: '27113001' },
  bmi: { loinc: '39156-5 89270-3', snomed: '60621009' },
  bp: { loinc: '85354-9 35094-2 55284-4 76534-7', snomed: '75367002' },
};

const profiles: ReadonlyMap<string, string> = new Map(
  Object.entries(signs).flatMap(([name, { loinc, snomed }]) => {
    const codes = [...codesOf('http://loinc.org', loinc), ...codesOf('http://snomed.info/sct', snomed)];
    return codes.map((code) => [code, `http://hl7.org/fhir/StructureDefinition/${name}`] as const);
  }),
);

function codesOf(system: string, codes: string): string[] {
  return codes.split(' ').map((code) => `${system}|${code}`);
}

/** The profiles of the signs that the resource is an observation of. */
export function vitalSignProfiles(resource: JsonValue | undefined): string[] {
  if (!isObject(resource) || resource.resourceType !== 'Observation' || !isObject(resource.code)) return [];
  const codings = Array.isArray(resource.code.coding) ? resource.code.coding.filter(isObject) : [];
  const found = codings.map(({ system, code }) => profiles.get(`${system}|${code}`));
  return [...new Set(found.filter((profile) => profile !== undefined))];
}
