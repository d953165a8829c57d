/**
 * FHIRPath `resolve()` inside invariants (FHIR R4 2.9.1.5.1): what is contained or in the same bundle; of what is elsewhere
 * only its type, as the reference tells it, is known.
 */
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';

/** Asks for nothing but the type, or whether there is anything. */
const onlyType = /resolve\(\)\s*(?:\.(?:is|ofType|iif|exists|empty|all|where)\(|\)|is\b|$)/;

export class TargetResolver {
  /** For the engine, instead of its own `resolve`, which asks other servers. */
  readonly functions = { resolve: { fn: (inputs: JsonValue[]) => this.#resolveAll(inputs), arity: { 0: [] } } };
  #whole: JsonObject = {};
  #root: JsonObject = {};
  #guessed = false;

  /** `whole` is what is validated, `root` the resource in it whose `contained` counts. */
  start(whole: JsonObject, root: JsonObject): void {
    this.#whole = whole;
    this.#root = root;
    this.#guessed = false;
  }

  /** True when the verdict may rest on content of a target that is not here. */
  isGuess(expression: string): boolean {
    return this.#guessed && !onlyType.test(expression);
  }

  #resolveAll(inputs: readonly JsonValue[]): unknown[] {
    return inputs.flatMap((input) => {
      const reference = isObject(input) ? input.reference : input;
      const target = typeof reference === 'string' ? this.#target(reference, input) : undefined;
      return target ? (fhirpath.evaluate(target, '$this', {}, r4, { resolveInternalTypes: false }) as unknown[]) : [];
    });
  }

  #target(reference: string, input: JsonValue): JsonObject | undefined {
    if (reference === '#') return this.#root;
    if (reference.startsWith('#')) return objects(this.#root.contained).find(({ id }) => id === reference.slice(1));
    for (const { fullUrl, resource } of objects(this.#whole.entry)) {
      if (typeof fullUrl !== 'string' || !isObject(resource)) continue;
      if (fullUrl === reference || fullUrl.endsWith(`/${reference}`)) return resource;
    }
    const literal = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/.exec(
      reference,
    );
    const type = literal?.[1] ?? (isObject(input) ? input.type : undefined);
    if (typeof type !== 'string') return undefined;
    this.#guessed = true;
    return { resourceType: type };
  }
}

function objects(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
