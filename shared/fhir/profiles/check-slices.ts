/** Slicing: which slice a value belongs to, in which order, how often. Source: FHIR R4 5.1.0.11. */
import { matchesSlice } from './discriminator.ts';
import type { ElementNode } from './element-node.ts';
import type { Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import type { Slicing } from './structure.ts';

type CheckElement = (instance: Instance, node: ElementNode, root: ElementNode, pass: Pass) => void;

/** `node` is sliced; `values` are all of its values in `parent`. */
export function checkSlices(
  parent: Instance,
  node: ElementNode,
  values: readonly Instance[],
  root: ElementNode,
  pass: Pass,
  checkElement: CheckElement,
): void {
  const slicing = slicingOf(node);
  if (!slicing) return;
  const named = node.slices.filter(({ slice }) => slice !== '@default');
  const placed = values.map((value) => named.findIndex((slice) => matchesSlice(value, slice, slicing, pass)));
  checkOrder(values, placed, slicing, pass);
  for (const [index, slice] of named.entries()) {
    const own = values.filter((_, at) => placed[at] === index);
    checkSliceCount(parent, slice, own.length, pass);
    for (const value of own) checkElement(value, slice, root, pass);
    if (slice.slices.length > 0) checkSlices(parent, slice, own, root, pass, checkElement);
  }
  const rest = node.slices.find(({ slice }) => slice === '@default');
  for (const [at, value] of values.entries()) {
    if (placed[at] !== -1) continue;
    if (rest) checkElement(value, rest, root, pass);
    else if (slicing.rules === 'closed') pass.error(value, `The value belongs to none of the slices of ${node.name}.`);
  }
}

/** Extensions are sliced by their url and choices by their type, said or not. */
function slicingOf({ name, definition: { slicing } }: ElementNode): Slicing | undefined {
  if (slicing && slicing.discriminators.length > 0) return slicing;
  const rules = slicing?.rules ?? 'open';
  if (/^(modifierE|e)xtension$/.test(name)) return { rules, discriminators: [{ type: 'value', path: 'url' }] };
  if (name.endsWith('[x]')) return { rules, discriminators: [{ type: 'type', path: '$this' }] };
  return undefined;
}

function checkSliceCount(parent: Instance, { name, slice, definition }: ElementNode, count: number, pass: Pass): void {
  const { min = 0, max = '*' } = definition;
  if (count < min)
    pass.error(parent, `The slice ${name}:${slice} must be there at least ${min} times, found ${count}.`);
  if (max !== '*' && count > Number(max)) {
    pass.error(parent, `The slice ${name}:${slice} may be there at most ${max} times, found ${count}.`);
  }
}

function checkOrder(values: readonly Instance[], placed: readonly number[], slicing: Slicing, pass: Pass): void {
  let last = -1;
  let isBehind = false;
  for (const [at, value] of values.entries()) {
    const slice = placed[at] ?? -1;
    if (slice === -1) {
      isBehind = true;
      continue;
    }
    if (slicing.rules === 'openAtEnd' && isBehind)
      pass.error(value, 'A value of no slice stands before one of a slice.');
    if (slicing.ordered && slice < last) pass.error(value, 'The slices are not in their order.');
    last = slice;
  }
}
