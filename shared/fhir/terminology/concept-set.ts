/** What one include of a value set takes out of its code system: R4, ValueSet.compose.include. */
import { FhirError } from '../outcome.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { certain, type Member, type MemberSet, unknownSet, withinTime } from './member-set.ts';
import { type CodeTest, compileFilter } from './property-filter.ts';
import type { ConceptSet, ListedConcept } from './resources.ts';
import { every } from './three-valued.ts';

export async function conceptSet(
  include: ConceptSet & { system: string },
  system: CodeSystem | undefined,
  activeOnly: boolean,
): Promise<MemberSet> {
  const { version, concept, filter = [] } = include;
  if (concept) return listedSet(include.system, concept, system);
  if (!system) {
    const name = version === undefined ? include.system : `${include.system}|${version}`;
    return ofSystem(
      include.system,
      unknownSet(new FhirError('not-found', `The code system ${name} is not known here.`)),
    );
  }
  try {
    const tests = await Promise.all(filter.map((one) => compileFilter(system, one)));
    return filteredSet(system, activeOnly ? [...tests, isActive] : tests);
  } catch (error) {
    if (error instanceof FhirError) return ofSystem(system.url, unknownSet(error));
    throw error;
  }
}

const isActive: CodeTest = (_, concept) => concept && !concept.inactive;

/** A set that has nothing of other systems, whatever else is known of it. */
function ofSystem(url: string, set: MemberSet): MemberSet {
  return {
    ...set,
    has: (system, code, abstract) => (system === undefined || system === url ? set.has(system, code, abstract) : false),
  };
}

/** The listed concepts, in their order; their displays are the value set's own, else the system's. */
function listedSet(url: string, concepts: readonly ListedConcept[], system: CodeSystem | undefined): MemberSet {
  const keyOf = (code: string): string => (system && !system.caseSensitive ? code.toLowerCase() : code);
  const codes = new Set(concepts.map(({ code }) => keyOf(code)));
  return ofSystem(url, {
    has: (_, code) => codes.has(keyOf(code)),
    *members() {
      for (const { code, display, designation = [] } of withinTime(concepts)) {
        const known = system?.concept(code);
        const member = known ? memberOf(known, system) : { system: url, code };
        yield {
          ...member,
          ...(display !== undefined && { display }),
          ...(designation.length > 0 && { designations: [...designation, ...(member.designations ?? [])] }),
        };
      }
    },
  });
}

/** The codes of a system that pass all tests; those that only group others are not listed, as HL7 does not. */
function filteredSet(system: CodeSystem, tests: readonly CodeTest[]): MemberSet {
  const passes = (code: string, concept: Concept | undefined) => every(tests, (test) => test(code, concept));
  return ofSystem(system.url, {
    has: (_, code, abstract = false) => {
      const concept = system.concept(code);
      if (concept?.abstract && !abstract) return false;
      const exists = concept ? true : system.has(code);
      if (exists === false) return false;
      const result = passes(code, concept);
      return result === false ? false : exists && result;
    },
    *members() {
      for (const concept of withinTime(system.all ?? [])) {
        if (!concept.abstract && certain(passes(concept.code, concept))) yield memberOf(concept, system);
      }
    },
    ...(!system.all && { unlistable: notListed(system) }),
    ...(!system.complete && { open: true as const }),
  });
}

function notListed({ url, byNameOnly }: CodeSystem): FhirError {
  return byNameOnly
    ? new FhirError('not-found', `The code system ${url} is known by its name only.`)
    : new FhirError('too-costly', `The codes of ${url} cannot be listed.`);
}

function memberOf(concept: Concept, system: CodeSystem | undefined): Member {
  const { code, display, abstract, inactive, designations } = concept;
  return {
    system: concept.system,
    code,
    ...(display !== undefined && { display }),
    ...(system?.version !== undefined && { version: system.version }),
    ...(abstract && { abstract }),
    ...(inactive && { inactive }),
    ...(designations.length > 0 && { designations }),
  };
}
