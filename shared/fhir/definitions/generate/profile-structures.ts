/**
 * What R4's StructureDefinitions demand of an instance beyond its plain structure: invariants, bindings, profiles of data
 * types, targets of references; types, profiles and extensions alike. A profile leaves out what its type says already.
 */
import { compactStructure } from '../../profiles/compact-structure.ts';
import type { Structure, StructureElement } from '../../profiles/structure.ts';
import type { JsonObject } from '../../resource/types.ts';
import type { Published } from './published.ts';

const coreStructure = 'http://hl7.org/fhir/StructureDefinition/';

/** By canonical URL. */
export function compactProfileStructures({ structures }: Published): Map<string, Structure> {
  const all = new Map<string, Structure>();
  for (const published of structures) {
    if (published.kind === 'logical') continue;
    const structure = compactStructure(published as unknown as JsonObject);
    if (structure?.url.startsWith(coreStructure)) all.set(structure.url, structure);
  }
  return new Map([...all].map(([url, structure]) => [url, withoutInherited(structure, all)]));
}

function withoutInherited(structure: Structure, all: ReadonlyMap<string, Structure>): Structure {
  const type = all.get(coreStructure + structure.type);
  if (!type || structure.base === undefined) return structure;
  const inherited = new Map(type.elements.map((element) => [element.id, JSON.stringify(element)]));
  const isOwn = (element: StructureElement): boolean => inherited.get(element.id) !== JSON.stringify(element);
  return { ...structure, elements: structure.elements.filter(isOwn) };
}
