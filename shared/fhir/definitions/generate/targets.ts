/** Which resource types the references at the end of a search expression may point at, by the elements' definitions. */
import type { CompactElement } from '../types.ts';
import type { CompactStructures } from './structures.ts';

/** Sorted; empty: any type; undefined: the path is not a plain one. */
export function targetsAlong(parts: readonly string[], structures: CompactStructures): string[] | undefined {
  const found = new Set<string>();
  for (const part of parts) {
    const element = elementAt(part.replace(/\.ofType\(\w+\)$/, ''), structures);
    if (element === undefined) return undefined;
    if (element.targets === undefined) return [];
    for (const target of element.targets) found.add(target);
  }
  return [...found].sort();
}

function elementAt(path: string, { resources, dataTypes }: CompactStructures): CompactElement | undefined {
  const [root = '', ...names] = path.split('.');
  let type = root;
  let element: CompactElement | undefined;
  for (const name of names) {
    const elements = (resources.get(type) ?? dataTypes.get(type))?.elements;
    element = elements?.[name] ?? elements?.[`${name}[x]`];
    if (element === undefined) return undefined;
    type = typeof element.type === 'string' ? element.type : '';
  }
  return element;
}
