/** Reads the generated definitions. What a request may never ask for is not parsed before it does. */
import { readCompartments } from './compartments.ts';
import type { Definitions, TypeDefinition } from './definitions.ts';
import { type GeneratedLines, readGenerated } from './generated-lines.ts';
import { readPublishedTerminology } from './published-terminology.ts';
import { remember } from './remember.ts';
import { readSearchParameters } from './search-parameters.ts';
import { type CompactType, expandType } from './types.ts';

type CodesBySystem = Readonly<Record<string, readonly string[]>>;

let loaded: Definitions | undefined;

/** The definitions of R4, the same for all services: read once. */
export function loadDefinitions(): Definitions {
  loaded ??= readDefinitions();
  return loaded;
}

function readDefinitions(): Definitions {
  const resources = readGenerated<CompactType>('resources.ndjson');
  const dataTypes = readGenerated<CompactType>('data-types.ndjson');
  const resourceTypes = resources.keys.filter((name) => !name.includes('.'));
  const known = new Set(resourceTypes);
  const type = remember((name): TypeDefinition | undefined => {
    const compact = resources.get(name) ?? dataTypes.get(name);
    return compact && expandType(name, compact);
  });
  let valueSets: GeneratedLines<CodesBySystem> | undefined;
  return {
    fhirVersion: '4.0.1',
    resourceTypes,
    isResourceType: (name) => known.has(name),
    type,
    ...readSearchParameters(resourceTypes),
    compartments: readCompartments(),
    ...readPublishedTerminology(),
    codes: remember((valueSet) => {
      valueSets ??= readGenerated('value-sets.ndjson');
      const codes = valueSets.get(valueSet);
      return codes && new Map(Object.entries(codes).map(([system, all]) => [system, new Set(all)]));
    }),
    systemOfCode: (path) => {
      const dot = path.lastIndexOf('.');
      return type(path.slice(0, dot))?.elements.get(path.slice(dot + 1))?.system;
    },
  };
}
