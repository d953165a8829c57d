/** The value sets of required bindings, expanded to their codes. */
import type { ExpansionContains, Published, PublishedValueSet } from './published.ts';
import type { CompactStructures } from './structures.ts';

const notListed = [
  'http://hl7.org/fhir/StructureDefinition/valueset-toocostly',
  'http://hl7.org/fhir/StructureDefinition/valueset-unclosed',
];

/** By URL: sorted codes by code system. A set that cannot be listed whole (MIME types, UCUM) is left out. */
export function compactValueSets(
  { expansions }: Published,
  { resources, dataTypes }: CompactStructures,
): Map<string, Readonly<Record<string, readonly string[]>>> {
  const bound = new Set<string>();
  for (const { elements } of [...resources.values(), ...dataTypes.values()]) {
    for (const { binding } of Object.values(elements)) if (binding) bound.add(binding);
  }
  const compact = new Map<string, Readonly<Record<string, readonly string[]>>>();
  for (const url of bound) {
    const set = expansions.get(url);
    if (set !== undefined && isListed(set)) compact.set(url, codesBySystem(set.expansion?.contains ?? []));
  }
  return compact;
}

function isListed({ expansion }: PublishedValueSet): boolean {
  return expansion !== undefined && !expansion.extension?.some(({ url }) => notListed.includes(url));
}

function codesBySystem(contains: readonly ExpansionContains[]): Record<string, string[]> {
  const systems = new Map<string, Set<string>>();
  const collect = (entries: readonly ExpansionContains[]): void => {
    for (const { system, code, abstract, contains: narrower } of entries) {
      if (system !== undefined && code !== undefined && !abstract) {
        systems.set(system, (systems.get(system) ?? new Set()).add(code));
      }
      collect(narrower ?? []);
    }
  };
  collect(contains);
  const sorted = [...systems].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([system, codes]) => [system, [...codes].sort()]));
}
