/** How large a search may be, so that a hostile one costs its sender more than the store. */
import { type Condition, type Query, QueryTooLarge } from '../../resources/query.ts';

const DEEPEST = 32;
const MOST_NODES = 2000;

/** Throws `QueryTooLarge`. */
export function checkSize({ where }: Pick<Query, 'where'>): void {
  let nodes = 0;
  const visit = (node: Condition, depth: number): void => {
    nodes += node.kind === 'composite' ? node.parts.length : 1;
    if (depth > DEEPEST) throw new QueryTooLarge(`The search is nested more than ${DEEPEST} levels deep.`);
    if (nodes > MOST_NODES) throw new QueryTooLarge(`The search has more than ${MOST_NODES} conditions.`);
    for (const child of children(node)) visit(child, depth + 1);
  };
  if (where !== undefined) visit(where, 0);
}

function children(node: Condition): readonly Condition[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of;
    case 'not':
      return [node.of];
    case 'chain':
    case 'referenced-by':
      return [node.where];
    case 'referenced':
      return node.where ? [node.where] : [];
    default:
      return [];
  }
}
