/** A structure's elements as a tree: what it demands of an element, of its children, of its slices. */
import type { Structure, StructureElement } from './structure.ts';

export class ElementNode {
  /** `component`, `value[x]`; the type's name for the root. */
  readonly name: string;
  /** Of a slice: `SystolicBP`, re-sliced `SystolicBP/Left`. */
  readonly slice: string | undefined;
  definition: StructureElement;
  readonly children = new Map<string, ElementNode>();
  readonly slices: ElementNode[] = [];

  constructor(name: string, slice: string | undefined, definition: StructureElement) {
    this.name = name;
    this.slice = slice;
    this.definition = definition;
  }

  /** The node at the steps of an element id, `component:SystolicBP`; made where it is missing. */
  at(steps: readonly string[]): ElementNode {
    let node: ElementNode = this;
    for (const step of steps) {
      const colon = step.indexOf(':');
      node = node.child(colon < 0 ? step : step.slice(0, colon));
      if (colon >= 0) node = node.sliceNamed(step.slice(colon + 1));
    }
    return node;
  }

  /** The node that is there, or undefined. */
  find(steps: readonly string[]): ElementNode | undefined {
    let node: ElementNode | undefined = this;
    for (const step of steps) {
      const [name = '', slice] = step.split(':');
      node = node?.children.get(name);
      if (slice !== undefined) node = node?.slices.find((one) => one.slice === slice);
    }
    return node;
  }

  copy(): ElementNode {
    const copy = new ElementNode(this.name, this.slice, this.definition);
    for (const [name, child] of this.children) copy.children.set(name, child.copy());
    for (const slice of this.slices) copy.slices.push(slice.copy());
    return copy;
  }

  private child(name: string): ElementNode {
    const known = this.children.get(name);
    if (known) return known;
    const made = new ElementNode(name, undefined, { id: `${this.definition.id}.${name}` });
    this.children.set(name, made);
    return made;
  }

  /** `a/b` is a slice of the slice `a`. */
  private sliceNamed(slice: string): ElementNode {
    const parent = slice.includes('/') ? this.slices.find((one) => slice.startsWith(`${one.slice}/`)) : undefined;
    if (parent) return parent.sliceNamed(slice);
    const known = this.slices.find((one) => one.slice === slice);
    if (known) return known;
    const made = new ElementNode(this.name, slice, { id: `${this.definition.id}:${slice}` });
    this.slices.push(made);
    return made;
  }
}

/** The tree of a structure by itself; of a differential only what it says. */
export function treeOf({ type, elements }: Structure): ElementNode {
  return withElements(new ElementNode(type, undefined, { id: type }), elements);
}

/**
 * The tree of a profile that has no snapshot: what its base demands with what the differential changes. An element that
 * neither has is left to its type, against which every value is checked as well. FHIR R4 5.1.0.13.
 */
export function derivedTree(base: ElementNode, { elements }: Structure): ElementNode {
  return withElements(base.copy(), elements);
}

function withElements(root: ElementNode, elements: readonly StructureElement[]): ElementNode {
  for (const element of elements) {
    const node = root.at(element.id.split('.').slice(1));
    const constraints = [...(node.definition.constraints ?? []), ...(element.constraints ?? [])];
    node.definition = { ...node.definition, ...element, ...(constraints.length > 0 && { constraints }) };
  }
  return root;
}
