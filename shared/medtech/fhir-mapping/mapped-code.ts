/** Codes and concepts of a mapping as FHIR has them. An empty text is no value in FHIR and is left out. */
import type { JsonObject } from '../../fhir/resource/types.ts';
import type { MappedCode, MappedConcept } from './fhir-mapping.ts';
import { serviceSystem } from './observation-identity.ts';

/** The members that have a text, in the order given. */
export function given(members: Readonly<Record<string, string | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, text]) => text !== undefined && text !== ''));
}

export function concept(text: string | undefined, codes: readonly MappedCode[]): JsonObject {
  const coding = codes.map(({ system, code, display }) => given({ system, code, display }));
  const filled = coding.filter((code) => Object.keys(code).length > 0);
  return { ...(filled.length > 0 && { coding: filled }), ...given({ text }) };
}

/** What an Observation or a component is about: the mapping's codes, and its name as a code of the service. */
export function namedConcept(name: string, codes: readonly MappedCode[]): JsonObject {
  return concept(name, [...codes, { system: serviceSystem, code: name, display: name }]);
}

export function categoryElement(category: readonly MappedConcept[]): JsonObject[] {
  return category.map(({ text, codes }) => concept(text, codes)).filter((each) => Object.keys(each).length > 0);
}
