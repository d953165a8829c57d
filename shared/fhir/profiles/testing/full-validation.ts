/** For tests: a full validation that knows the given profiles and value sets besides R4's own. */
import { loadDefinitions } from '../../definitions/load.ts';
import type { JsonObject } from '../../resource/types.ts';
import { openTerminology } from '../../terminology/open-terminology.ts';
import type { Terminology, ValueSetMembers } from '../../terminology/terminology.ts';
import { compileValidator } from '../../validation/compile-validator.ts';
import { FullValidation } from '../full-validation.ts';
import { InvariantRunner } from '../invariant-runner.ts';

export interface Known {
  readonly profiles?: readonly JsonObject[];
  /** Codes of the system `http://test.example/cs`, by the value set's url. */
  readonly valueSets?: Readonly<Record<string, readonly string[]>>;
}

/** One for all, because its thread takes a quarter of a second to start. It does not keep the process. */
const testInvariants = new InvariantRunner();

export const testSystem = 'http://test.example/cs';

export function testValidation(
  { profiles = [], valueSets = {} }: Known = {},
  invariants = testInvariants,
): FullValidation {
  const definitions = loadDefinitions();
  const core = openTerminology(definitions);
  const terminology: Terminology = {
    ...core,
    valueSet: async (canonical) => membersOf(canonical, valueSets[canonical]) ?? core.valueSet(canonical),
  };
  return new FullValidation({
    definitions,
    validate: compileValidator(definitions),
    invariants,
    terminology,
    canonicals: {
      find: async (_type, canonical) => {
        const found = profiles.find(({ url }) => url === canonical);
        return found && { resourceType: 'StructureDefinition', ...found };
      },
      generation: () => 0,
      changed: () => {},
    },
  });
}

function membersOf(url: string, codes: readonly string[] | undefined): ValueSetMembers | undefined {
  return codes && { url, has: (_system, code) => codes.includes(code), list: () => [] };
}

/** A profile of `type` by its differential. */
export function profileOf(type: string, elements: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    url: testProfile,
    type,
    kind: 'resource',
    derivation: 'constraint',
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    differential: { element: [{ id: type, path: type }, ...elements].map((one) => ({ path: pathOf(one), ...one })) },
    ...more,
  };
}

export const testProfile = 'http://test.example/profile';

function pathOf({ id }: JsonObject): string {
  return String(id).replace(/:[^.]*/g, '');
}
