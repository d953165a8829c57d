/** Which value sets the elements of R4's types, profiles and extensions are bound to, by the URL of their definition. */
import type { Published } from './published.ts';

export function compactBindings({ structures }: Published): Map<string, Readonly<Record<string, string>>> {
  const all = new Map<string, Readonly<Record<string, string>>>();
  for (const { url, snapshot } of structures) {
    // Examples of differential profiles have none.
    const bound = (snapshot?.element ?? []).flatMap(({ path, binding }) =>
      binding?.valueSet ? [[path, binding.valueSet]] : [],
    );
    // Of slices that share a path the first counts, as it does in AHDS.
    if (bound.length > 0) all.set(url, Object.fromEntries(bound.toReversed()));
  }
  return all;
}
