/**
 * Value sets that are known by their URL alone: those that SNOMED CT and LOINC define in R4 4.3.1 and 4.3.2, for a system
 * that is stored. `http://snomed.info/sct?fhir_vs`, `…?fhir_vs=isa/138875005`, `http://loinc.org/vs`, `…/vs/LL715-4`.
 */
import type { ConceptSet, ValueSetResource } from './resources.ts';

export function implicitValueSet(url: string): ValueSetResource | undefined {
  const include = includeOf(url);
  return include && including(url, include);
}

/** All codes of a system, which names the set in `CodeSystem.valueSet`. */
export function allCodes(url: string, system: string): ValueSetResource {
  return including(url, { system });
}

function including(url: string, include: ConceptSet): ValueSetResource {
  return { resourceType: 'ValueSet', url, status: 'active', compose: { include: [include] } };
}

function includeOf(url: string): ConceptSet | undefined {
  const [, snomed, edition, code] =
    /^(http:\/\/snomed\.info\/sct)(\/[\w/]+)?\?fhir_vs(?:=isa\/(\d+))?$/.exec(url) ?? [];
  if (snomed !== undefined) return below(snomed, code, edition && `${snomed}${edition}`);
  const [isLoinc, part] = /^http:\/\/loinc\.org\/vs(?:\/(L[LP]\d+-\d))?$/.exec(url) ?? [];
  if (isLoinc === undefined) return undefined;
  return below('http://loinc.org', part, undefined);
}

function below(system: string, code: string | undefined, version: string | undefined): ConceptSet {
  return {
    system,
    ...(version !== undefined && { version }),
    ...(code !== undefined && { filter: [{ property: 'concept', op: 'is-a', value: code }] }),
  };
}
