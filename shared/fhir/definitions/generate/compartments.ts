/** The five compartments: which reference parameters put a resource of which type into them. */
import type { PublishedCompartment } from './published.ts';

/** By compartment code; a type without parameters is in no compartment of that kind. */
export function compactCompartments(
  published: readonly PublishedCompartment[],
): Map<string, Readonly<Record<string, readonly string[]>>> {
  const own = published.filter(({ id }) => id !== 'example');
  return new Map(
    own.map(({ code, resource }) => {
      const members = resource.map((member) => [member.code, (member.param ?? []).filter(isParameter)] as const);
      return [code, Object.fromEntries(members.filter(([, params]) => params.length > 0))];
    }),
  );
}

/** `{def}` says that the compartment's own resource is in it, which is no parameter. */
function isParameter(param: string): boolean {
  return param !== '{def}';
}
