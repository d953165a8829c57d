/** Typed paths at work: from a resource to the elements that one leads to. */
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';

/** One way through a resource to elements of one type. A choice element is one way per type. */
export interface TypedPath {
  readonly steps: readonly Step[];
  /** `HumanName`, `code`; for `Resource` the type is known only by the element itself. */
  readonly type: string;
  /** `Patient.gender`, `ContactPoint.use`: the definition of the last element. Empty for a whole resource. */
  readonly element: string;
  /** Starts at the resource even where it is evaluated on an element of it (`%resource`). */
  readonly fromResource: boolean;
}

export interface Step {
  readonly name: string;
  /** Keeps the items that pass. */
  readonly where?: Criteria;
  /** Keeps one item of the list. */
  readonly at?: number;
}

export type Criteria = (item: JsonValue) => boolean;

/** Adds the elements that `path` leads to from `from` to `found`. */
export function follow(path: TypedPath, from: JsonObject, resource: JsonObject, found: JsonValue[]): void {
  walk(path.fromResource ? resource : from, path.steps, 0, found);
}

function walk(value: JsonValue, steps: readonly Step[], at: number, found: JsonValue[]): void {
  const step = steps[at];
  if (!step) {
    found.push(value);
    return;
  }
  const next = isObject(value) ? value[step.name] : undefined;
  if (Array.isArray(next)) {
    const items = step.at === undefined ? next : next.slice(step.at, step.at + 1);
    for (const item of items) if (keeps(step, item)) walk(item, steps, at + 1, found);
  } else if (next !== undefined && keeps(step, next)) {
    walk(next, steps, at + 1, found);
  }
}

/** A null in a list stands for a primitive that has nothing but extensions. */
function keeps({ where }: Step, item: JsonValue): boolean {
  return item !== null && (where === undefined || where(item));
}

/** The values below an item; those of lists in lists as one. */
export function valuesAt(item: JsonValue, names: readonly string[]): readonly JsonValue[] {
  let values: readonly JsonValue[] = [item];
  for (const name of names) {
    values = values.flatMap((value) => {
      const next = isObject(value) ? value[name] : null;
      return (Array.isArray(next) ? next : [next ?? null]).filter((each) => each !== null);
    });
  }
  return values;
}
