/** Types as the generated files have them, and as they are used: with an element for every type of a choice. */
import type { ElementDefinition, TypeDefinition } from './definitions.ts';

/** What is at its default is left out. */
export interface CompactElement {
  /** One type name, or the allowed types of a choice. */
  readonly type: string | readonly string[];
  /** Default 0. */
  readonly min?: number;
  /** Default 1. */
  readonly max?: number | '*';
  readonly summary?: true;
  readonly modifier?: true;
  readonly targets?: readonly string[];
  readonly binding?: string;
  readonly system?: string;
}

export interface CompactType {
  readonly kind: TypeDefinition['kind'];
  /** In the order of the specification; a choice keeps its `[x]`. */
  readonly elements: Readonly<Record<string, CompactElement>>;
}

export function expandType(name: string, { kind, elements }: CompactType): TypeDefinition {
  const expanded = Object.entries(elements).flatMap(([element, compact]) => expandElement(element, compact));
  return { name, kind, elements: new Map(expanded.map((element) => [element.name, element])) };
}

function expandElement(published: string, compact: CompactElement): ElementDefinition[] {
  const { type, min = 0, max = 1, targets, binding, ...rest } = compact;
  const common = { ...rest, min, max: max === '*' ? Number.POSITIVE_INFINITY : max };
  const expand = (name: string, one: string): ElementDefinition => ({
    name,
    type: one,
    ...common,
    ...(targets && pointing.has(one) && { targets }),
    ...(binding && coded.has(one) && { binding }),
  });
  if (typeof type === 'string') return [expand(published, type)];
  const choice = published.replace('[x]', '');
  return type.map((one) => ({ ...expand(choice + one.charAt(0).toUpperCase() + one.slice(1), one), choice }));
}

const pointing = new Set(['Reference', 'canonical']);
const coded = new Set(['code', 'Coding', 'CodeableConcept']);
