/** What an operation is given and gives: FHIR R4 Parameters, or the query of a GET. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { formatJson, isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import type { Pair } from '../search/search-context.ts';

export interface InParameter {
  readonly name: string;
  /** Of its `value[x]`, or the text that the query has. */
  readonly value?: JsonValue;
  /** Where a body has the value: `parameter['valueQuantity']`. Digits and `_valueQuantity` stand beside it. */
  readonly place?: { readonly parameter: JsonObject; readonly name: string };
  readonly resource?: Resource;
  readonly part: readonly InParameter[];
}

/** The parameters of a request in order: those of the query, then those of the body. Throws `invalid` for a malformed body. */
export function inParameters({ query, resource }: FhirRequest): readonly InParameter[] {
  const asked = query.map(([name, value]): InParameter => ({ name, value, part: [] }));
  return resource ? [...asked, ...parametersIn(resource)] : asked;
}

/** The parameters of an operation that searches, as the pairs of a search: a Coding stands for `system|code`. */
export function searchPairs(request: FhirRequest): readonly Pair[] {
  return inParameters(request).map(({ name, value }): Pair => {
    if (typeof value === 'string') return [name, value];
    if (typeof value === 'number' || typeof value === 'boolean') return [name, String(value)];
    if (isObject(value) && typeof value.code === 'string') {
      return [name, typeof value.system === 'string' ? `${value.system}|${value.code}` : value.code];
    }
    throw new FhirError('invalid', `The parameter '${name}' has no value that a search can take.`);
  });
}

/** The parameters of a Parameters resource. Throws `invalid` for anything else. */
export function parametersIn(resource: Resource): readonly InParameter[] {
  if (resource.resourceType !== 'Parameters') throw new FhirError('invalid', 'The body must be a Parameters resource.');
  return listOf(resource.parameter);
}

function listOf(list: JsonValue | undefined): readonly InParameter[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new FhirError('structure', 'Parameters.parameter must be an array.');
  return list.map((one): InParameter => {
    if (!isObject(one) || typeof one.name !== 'string') throw new FhirError('structure', 'A parameter needs a name.');
    const valueName = Object.keys(one).find((name) => /^value[A-Z]/.test(name));
    const value = valueName === undefined ? undefined : one[valueName];
    return {
      name: one.name,
      ...(value !== undefined && { value }),
      ...(valueName !== undefined && { place: { parameter: one, name: valueName } }),
      ...(isObject(one.resource) && { resource: one.resource as Resource }),
      part: listOf(one.part),
    };
  });
}

/** The response of an operation that answers with a resource. */
export function resourceResponse(resource: JsonObject, status = 200): FhirResponse {
  return { status, body: [Buffer.from(formatJson(resource))] };
}
