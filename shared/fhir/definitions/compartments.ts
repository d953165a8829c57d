import type { CompartmentDefinition } from './definitions.ts';
import { readGenerated } from './generated-lines.ts';

/** The five compartments by their code. */
export function readCompartments(): ReadonlyMap<string, CompartmentDefinition> {
  const lines = readGenerated<Record<string, string[]>>('compartments.ndjson');
  return new Map(lines.keys.map((code) => [code, { code, members: new Map(Object.entries(lines.get(code) ?? {})) }]));
}
