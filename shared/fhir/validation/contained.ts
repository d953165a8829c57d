/** The resources that one resource contains, and which of them it refers to. Source: FHIR R4, Contained Resources, and invariant dom-3. */
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';

export class ContainedScope {
  readonly #ids: ReadonlySet<JsonValue | undefined>;
  readonly #mentioned = new Set<string>();

  constructor(contained: readonly JsonValue[]) {
    this.#ids = new Set(contained.filter(isObject).map(({ id }) => id));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Something refers to the contained resource `id`; or that one refers to the resource that contains it. */
  mention(id: string): void {
    this.#mentioned.add(id);
  }

  isMentioned(id: string): boolean {
    return this.#mentioned.has(id);
  }
}
