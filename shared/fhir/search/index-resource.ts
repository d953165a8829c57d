/** The index entries of a resource: everything that a search can find it by. Compiled once per resource type. */
import type { IndexEntry, IndexValue, ParameterKey } from '../../stores/resources/index-entry.ts';
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { compileFhirpath } from './fhirpath-values.ts';
import { compositeIndexer } from './index-composite.ts';
import { elementIndexer } from './index-element.ts';
import { parameterKey } from './parameter-key.ts';
import { compileTypedPaths, follow } from './typed-path.ts';

type ValuesOf = (resource: JsonObject, base: string) => readonly IndexValue[];

/** These are columns of the store, not entries. */
const columns = new Set(['_id', '_lastUpdated', '_type']);

/**
 * A function that gives a resource's entries, each once. `base` is the service's absolute URL without a trailing slash:
 * references below it are its own. Elements whose data their type does not allow give no entries and no error.
 */
export function compileIndexer(definitions: Definitions): (resource: Resource, base: string) => IndexEntry[] {
  const compiled = new Map<string, readonly (readonly [ParameterKey, ValuesOf])[]>();
  return (resource, base) => {
    const type = resource.resourceType;
    let parameters = compiled.get(type);
    if (!parameters) {
      parameters = [...definitions.searchParameters(type).values()].flatMap((parameter) => {
        const valuesOf = columns.has(parameter.code) ? undefined : parameterIndexer(definitions, parameter, type);
        return valuesOf ? [[parameterKey(parameter), valuesOf] as const] : [];
      });
      if (parameters.length > 0) compiled.set(type, parameters);
    }
    return parameters.flatMap(([param, valuesOf]) =>
      distinct(valuesOf(resource, base)).map((value) => ({ param, ...value })),
    );
  };
}

/** The values of one parameter of `resourceType`; undefined for a parameter that no element feeds. */
export function parameterIndexer(
  definitions: Definitions,
  parameter: SearchParameter,
  resourceType: string,
): ValuesOf | undefined {
  if (parameter.expression === '') return undefined;
  if (parameter.type === 'composite') return compositeIndexer(definitions, parameter, resourceType);
  const paths = compileTypedPaths(definitions, parameter.expression, resourceType);
  if (!paths) return byFhirpath(definitions, parameter);
  const ways = paths.flatMap((path) => {
    const index = elementIndexer(path, parameter, definitions);
    return index ? [{ path, index }] : [];
  });
  return (resource, base) => {
    const values: IndexValue[] = [];
    for (const { path, index } of ways) {
      const found: JsonValue[] = [];
      follow(path, resource, resource, found);
      for (const element of found) values.push(...index(element, base));
    }
    return values;
  };
}

function byFhirpath(definitions: Definitions, parameter: SearchParameter): ValuesOf {
  const evaluate = compileFhirpath(parameter.expression);
  return (resource, base) =>
    evaluate(resource).flatMap(
      ({ value, type }) => elementIndexer({ type, element: '' }, parameter, definitions)?.(value, base) ?? [],
    );
}

function distinct(values: readonly IndexValue[]): readonly IndexValue[] {
  if (values.length < 2) return values;
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
