/**
 * What the expression of a custom parameter may be made of. It runs on every resource that is written, so whatever it
 * says, its cost stays in proportion to the resource: no regular expressions, no recursion over the whole tree, nothing that
 * multiplies items, nothing that depends on time or on other resources.
 * AHDS differs: it takes whatever its FHIRPath engine compiles.
 */

export const maxExpressionLength = 5000;
const maxTokens = 1000;
const maxDepth = 20;
/** Criteria inside criteria go through a list once for each of its items. */
const maxNestedCriteria = 3;

const criteria = new Set(['where', 'exists', 'all']);
const functions = new Set([
  ...criteria,
  ...['first', 'last', 'tail', 'skip', 'take', 'single', 'ofType', 'as', 'is', 'extension', 'hasValue', 'empty', 'not'],
  ...['count', 'distinct', 'combine', 'union', 'iif', 'contains', 'startsWith', 'endsWith', 'lower', 'upper', 'trim'],
  ...['substring', 'length', 'toString', 'toInteger', 'toDecimal', 'allTrue', 'anyTrue', 'allFalse', 'anyFalse'],
]);

const tokenPattern = /\s*('(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>!]=|[().,|=[\]<>~]|\$this|%resource)/y;

/** Why the expression is not taken; undefined when it is. */
export function expressionFault(expression: string): string | undefined {
  if (expression.length > maxExpressionLength) return `it has more than ${maxExpressionLength} characters`;
  const text = expression.trim();
  const open: string[] = [];
  let before = '';
  let count = 0;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const token = tokenPattern.exec(text)?.[1];
    if (token === undefined) return 'it has characters that are not taken here';
    count += 1;
    if (token === '(') open.push(before);
    else if (token === '[') open.push('[');
    else if ((token === ')' || token === ']') && open.pop() === undefined)
      return 'a parenthesis closes what is not open';
    const inside = open.filter((name) => criteria.has(name)).length;
    if (token === '%resource' && inside > 0) return '%resource is not taken inside of criteria';
    if (token === '(' && /^[A-Za-z]/.test(before) && !functions.has(before) && !operators.has(before)) {
      return `the function ${before.slice(0, 40)} is not taken`;
    }
    if (count > maxTokens) return `it has more than ${maxTokens} words`;
    if (open.length > maxDepth) return `it is nested more than ${maxDepth} deep`;
    if (inside > maxNestedCriteria) return `it has criteria inside criteria more than ${maxNestedCriteria} deep`;
    before = token;
  }
  return open.length > 0 ? 'a parenthesis is not closed' : undefined;
}

const operators = new Set(['and', 'or', 'xor', 'implies', 'is', 'as', 'in', 'contains']);
