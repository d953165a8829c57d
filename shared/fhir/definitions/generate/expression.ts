/**
 * Rewrites the expressions of search parameters into FHIRPath that an engine can run on any resource.
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
  const own = published.split(' | ').filter((part) => [resourceType, undefined].includes(rootOf(part)));
  const resolved = own.map((part) => /\.where\(resolve\(\) is (\w+)\)/.exec(part)?.[1]);
  const targets = resolved.includes(undefined) ? [] : [...new Set(resolved as string[])].sort();
  return { parts: own.map(runnable), targets };
}

/** A component's expression, which starts at what its composite found. */
export function componentExpression(published: string): string {
  return combined(published.split(' | ').map(runnable));
}

/** `Condition` of `(Condition.onset as Age)`; none of `alias`, which starts at the resource that it is given. */
function rootOf(part: string): string | undefined {
  return /^\(*([A-Z]\w*)/.exec(part)?.[1];
}

/** All that the parts find, one part after the other. */
export function combined([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map((other) => `combine(${other})`)].join('.');
}

function runnable(expression: string): string {
  return expression
    .replace(/\.where\(resolve\(\) is \w+\)/g, '')
    .replace(/\(([\w.]+) as (\w+)\)/g, '$1.ofType($2)')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/\.ofType\(DateTime\)/g, '.ofType(dateTime)')
    .trim();
}
