/** The index entries of a resource: everything that a search can find it by. Compiled once per resource type. */
import type { IndexEntry, IndexValue, ParameterKey } from '../../stores/resources/index-entry.ts';
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import type { Evaluate } from './fhirpath-values.ts';
import { compositeIndexer } from './index-composite.ts';
import { type ElementIndexer, elementIndexer } from './index-element.ts';
import { parameterKey } from './parameter-key.ts';
import { compileTypedPaths, follow, type TypedPath } from './typed-path.ts';

/** The one form of R4's expressions that is more than a path. */
const presence = /^([\w.]+)\.exists\(\) and \1 != false$/;

type ValuesOf = (resource: JsonObject, base: string) => readonly IndexValue[];

/** What the FHIRPath engine made of expressions that are no plain paths, by their text. */
export type EngineExpressions = ReadonlyMap<string, Evaluate>;
const none: EngineExpressions = new Map();

/** These are columns of the store, not entries. */
const columns = new Set(['_id', '_lastUpdated', '_type']);

/**
 * A function that gives a resource's entries, each once. `base` is the service's absolute URL without a trailing slash:
 * references below it are its own. Elements whose data their type does not allow give no entries and no error.
 */
export function compileIndexer(
  definitions: Definitions,
  engine: EngineExpressions = none,
): (resource: Resource, base: string) => IndexEntry[] {
  const compiled = new Map<string, readonly (readonly [ParameterKey, ValuesOf])[]>();
  return (resource, base) => {
    const type = resource.resourceType;
    let parameters = compiled.get(type);
    if (!parameters) {
      parameters = [...definitions.searchParameters(type).values()].flatMap((parameter) => {
        const valuesOf = columns.has(parameter.code)
          ? undefined
          : parameterIndexer(definitions, parameter, type, engine);
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
  engine: EngineExpressions = none,
): ValuesOf | undefined {
  if (parameter.expression === '') return undefined;
  if (parameter.type === 'composite') return compositeIndexer(definitions, parameter, resourceType);
  const [, tested] = presence.exec(parameter.expression) ?? [];
  if (tested !== undefined) return presenceIndexer(definitions, parameter, tested, resourceType);
  const evaluate = engine.get(parameter.expression);
  if (evaluate) return engineIndexer(definitions, parameter, evaluate);
  const paths = plainPaths(definitions, parameter.expression, resourceType);
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

/** Throws for an expression that is no plain path: the published ones are, a test goes through all of them. */
function plainPaths(definitions: Definitions, expression: string, resourceType: string): readonly TypedPath[] {
  const paths = compileTypedPaths(definitions, expression, resourceType);
  if (paths) return paths;
  throw new Error(`The search expression cannot be compiled for ${resourceType}: ${expression}`);
}

/** The types of what the engine finds are known only then; there are as many as the definitions have elements. */
function engineIndexer(definitions: Definitions, parameter: SearchParameter, evaluate: Evaluate): ValuesOf {
  const indexers = new Map<string, ElementIndexer | undefined>();
  return (resource, base) =>
    evaluate(resource).flatMap(({ value, type, element }) => {
      const key = `${type} ${element}`;
      if (!indexers.has(key)) indexers.set(key, elementIndexer({ type, element }, parameter, definitions));
      return indexers.get(key)?.(value, base) ?? [];
    });
}

/** Whether an element is there and not false, as a boolean: `Patient.deceased`. */
function presenceIndexer(
  definitions: Definitions,
  parameter: SearchParameter,
  tested: string,
  resourceType: string,
): ValuesOf | undefined {
  const paths = plainPaths(definitions, tested, resourceType);
  const index = elementIndexer({ type: 'boolean', element: '' }, parameter, definitions);
  return (resource, base) => {
    const found: JsonValue[] = [];
    for (const path of paths) follow(path, resource, resource, found);
    return index?.(found.length > 0 && found[0] !== false, base) ?? [];
  };
}

function distinct(values: readonly IndexValue[]): readonly IndexValue[] {
  if (values.length < 2) return values;
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
