/**
 * Rewrites the expressions of search parameters into FHIRPath that an engine can run on any resource: those of the
 * specification when the definitions are generated, those of custom parameters when they are stored.
 *
 * As published, `(Observation.component.value as Quantity)` fails on two components, because `as` takes a single item
 * (FHIRPath N1 6.3.3), and `.where(resolve() is Patient)` needs the referenced resource. `ofType` takes many items, and
 * what `resolve()` asks is answered by the reference's own text: the type becomes a target of the parameter.
 * A union compares all its items with each other, and `fhirpath` refuses to compare Quantities that have a comparator
 * (`< 5 mg`); `combine` keeps them as they are.
 */

export interface RunnableExpression {
  readonly parts: readonly string[];
  /** Types that `.where(resolve() is T)` asked for; empty where some part asked for none. */
  readonly targets: readonly string[];
}

/** The expression as it applies to one resource type: of a union over many types, the parts that start there or nowhere. */
export function expressionFor(resourceType: string, published: string): RunnableExpression {
  const roots = [resourceType, 'Resource', 'DomainResource', undefined];
  const own = unionParts(published).filter((part) => roots.includes(rootOf(part)));
  const resolved = own.map((part) => typeTests(resolving.exec(part)?.[1]));
  const targets = resolved.some((types) => types.length === 0) ? [] : [...new Set(resolved.flat())].sort();
  return { parts: own.map(runnable), targets };
}

/** A component's expression, which starts at what its composite found. */
export function componentExpression(published: string): string {
  return combined(unionParts(published).map(runnable));
}

/** The parts of a union, split at `|` outside of parentheses and of texts. */
export function unionParts(expression: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of expression.matchAll(/'(?:[^'\\]|\\.)*'|[^']|'/gs)) {
    if (token === '(' || token === '[') depth += 1;
    if (token === ')' || token === ']') depth -= 1;
    if (token === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim());
}

/** `Condition` of `(Condition.onset as Age)`; none of `alias`, which starts at the resource that it is given. */
export function rootOf(part: string): string | undefined {
  return /^\(*([A-Z]\w*)/.exec(part)?.[1];
}

/** All that the parts find, one part after the other. */
export function combined([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map((other) => `combine(${other})`)].join('.');
}

const resolving = /\.where\(\s*(resolve\(\) is \w+(?: or resolve\(\) is \w+)*)\s*\)/;

function typeTests(criteria = ''): string[] {
  return [...criteria.matchAll(/ is (\w+)/g)].map(([, type = '']) => type);
}

/** Texts in quotes stay as they are: a URL may hold anything. */
function runnable(expression: string): string {
  return expression
    .replace(new RegExp(resolving, 'g'), '')
    .replace(/'(?:[^'\\]|\\.)*'|[^']+/g, (text) => (text.startsWith("'") ? text : typed(text)))
    .trim();
}

function typed(expression: string): string {
  return expression
    .replace(/\(([\w.]+) as (?:FHIR\.)?(\w+)\)/g, '$1.ofType($2)')
    .replace(/\s+as\s+(?:FHIR\.)?(\w+)/g, '.ofType($1)')
    .replace(/\.(?:as|ofType)\(\s*(?:FHIR\.)?(\w+)\s*\)/g, '.ofType($1)')
    .replace(/\.ofType\(DateTime\)/g, '.ofType(dateTime)');
}
