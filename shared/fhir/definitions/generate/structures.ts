/** Types and their elements, from the StructureDefinitions of the base specification. */
import type { TypeDefinition } from '../definitions.ts';
import type { CompactElement, CompactType } from '../types.ts';
import type { Published, PublishedElement, PublishedValueSet, StructureDefinition } from './published.ts';

const structurePrefix = 'http://hl7.org/fhir/StructureDefinition/';
const fhirTypeExtension = `${structurePrefix}structuredefinition-fhir-type`;

export interface CompactStructures {
  /** The concrete resource types and their backbone elements. */
  readonly resources: ReadonlyMap<string, CompactType>;
  /** Data types with their backbone elements, primitive types, abstract types. */
  readonly dataTypes: ReadonlyMap<string, CompactType>;
}

export function compactStructures(published: Published): CompactStructures {
  const resources = new Map<string, CompactType>();
  const dataTypes = new Map<string, CompactType>();
  for (const structure of published.structures) {
    if (structure.kind === 'logical' || structure.derivation === 'constraint') continue;
    const into = structure.kind === 'resource' && !structure.abstract ? resources : dataTypes;
    for (const [name, type] of typesOf(structure, published.valueSets)) into.set(name, type);
  }
  return { resources, dataTypes };
}

/** The type itself and a type for each element that has elements of its own. */
function typesOf(structure: StructureDefinition, valueSets: Published['valueSets']): Map<string, CompactType> {
  const [root, ...elements] = structure.snapshot.element;
  const types = new Map<string, { kind: TypeDefinition['kind']; elements: Record<string, CompactElement> }>();
  types.set((root as PublishedElement).path, { kind: structure.kind as TypeDefinition['kind'], elements: {} });
  const parents = new Set(elements.map(({ path }) => parentOf(path)));
  for (const element of elements) {
    // A primitive's value stands for the JSON value itself, which has no name.
    if (structure.kind === 'primitive-type' && element.path === `${structure.type}.value`) continue;
    if (parents.has(element.path)) types.set(element.path, { kind: 'backbone', elements: {} });
    const name = element.path.slice(element.path.lastIndexOf('.') + 1);
    const parent = types.get(parentOf(element.path));
    if (parent) parent.elements[name] = compactElement(element, parents.has(element.path), valueSets);
  }
  return types;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}

function compactElement(
  element: PublishedElement,
  isBackbone: boolean,
  valueSets: Published['valueSets'],
): CompactElement {
  const targets = targetsOf(element);
  const binding = bindingOf(element);
  const system = binding && systemOf(element, valueSets.get(binding));
  return {
    type: typeOf(element, isBackbone),
    ...(element.min > 0 && { min: element.min }),
    ...(element.max !== '1' && { max: element.max === '*' ? ('*' as const) : Number(element.max) }),
    ...(element.isSummary && { summary: true as const }),
    ...(element.isModifier && { modifier: true as const }),
    ...(targets.length > 0 && { targets }),
    ...(binding && element.binding?.strength === 'required' && { binding }),
    ...(system && { system }),
  };
}

function typeOf(element: PublishedElement, isBackbone: boolean): string | string[] {
  if (element.contentReference) return element.contentReference.slice(1);
  if (isBackbone) return element.path;
  const types = (element.type ?? []).map(({ code, extension }) => {
    if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
    // The published snapshots say `string` for a resource's id, whose rules are those of `id` (R4, Resource.id).
    if (element.base?.path === 'Resource.id') return 'id';
    return extension?.find(({ url }) => url === fhirTypeExtension)?.valueUrl ?? 'string';
  });
  return element.path.endsWith('[x]') ? types : (types[0] ?? 'Element');
}

function targetsOf(element: PublishedElement): string[] {
  const profiles = (element.type ?? []).flatMap(({ targetProfile }) => targetProfile ?? []);
  const targets = profiles.map((profile) => profile.slice(structurePrefix.length));
  return targets.includes('Resource') ? [] : [...new Set(targets)].sort();
}

function bindingOf(element: PublishedElement): string | undefined {
  return element.binding?.valueSet?.replace(/\|.*$/, '');
}

/** A bare `code` takes its system from its value set, where that draws on a single one. */
function systemOf(element: PublishedElement, valueSet: PublishedValueSet | undefined): string | undefined {
  if (element.type?.[0]?.code !== 'code' || !valueSet?.compose) return undefined;
  const systems = new Set(valueSet.compose.include.map(({ system }) => system));
  return systems.size === 1 ? [...systems][0] : undefined;
}
