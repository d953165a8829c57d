import type { JsonValue } from '../../json/value.ts';

/** The values that what follows is done to one by one. As a value it is the array of them. */
export class Projection {
  readonly items: readonly Result[];

  constructor(items: readonly Result[]) {
    this.items = items;
  }
}

/** Undefined: there is nothing. A `null` of the data is a value: a member that is null stays in a projection. */
export type Result = JsonValue | undefined | Projection;

export function asValue(result: Result): JsonValue {
  if (result instanceof Projection) return result.items.map(asValue);
  return result ?? null;
}
