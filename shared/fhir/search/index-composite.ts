/** Composite parameters: values that stand together in one element. FHIR R4 3.1.1.4.11. */
import type { CompositeValue, SimpleValue } from '../../stores/resources/index-entry.ts';
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { type ElementIndexer, elementIndexer } from './index-element.ts';
import { compileTypedPaths, follow, type TypedPath } from './typed-path.ts';

/** One element gives at most this many combinations: two lists of thousands of codings must not multiply. */
const maxCombinations = 1000;

/** Published errors: R4 has the expressions of these components the wrong way round. */
const correctedExpressions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'DocumentReference.relationship': { relatesto: 'target', relation: 'code' },
};

type ValuesIn = (element: JsonObject, resource: JsonObject, base: string) => SimpleValue[];

/** Undefined when the parameter's expressions are not plain paths. */
export function compositeIndexer(
  definitions: Definitions,
  parameter: SearchParameter,
  resourceType: string,
): ((resource: JsonObject, base: string) => CompositeValue[]) | undefined {
  const elements = compileTypedPaths(definitions, parameter.expression, resourceType);
  const corrected = correctedExpressions[`${resourceType}.${parameter.code}`];
  const componentsOf = parameter.components.map((component) => ({
    ...component,
    expression: corrected?.[component.code] ?? component.expression,
  }));
  const parts = elements?.map((path) => ({
    path,
    components: componentsOf.map((each) => componentValues(definitions, each, path.type, resourceType)),
  }));
  return (
    parts &&
    ((resource, base) =>
      parts.flatMap(({ path, components }) =>
        elementsAt(path, resource).flatMap((element) =>
          combinations(components.map((valuesIn) => valuesIn(element, resource, base))),
        ),
      ))
  );
}

function elementsAt(path: TypedPath, resource: JsonObject): JsonObject[] {
  const found: JsonValue[] = [];
  follow(path, resource, resource, found);
  return found.filter(isObject);
}

function componentValues(
  definitions: Definitions,
  component: SearchParameter['components'][number],
  type: string,
  resourceType: string,
): ValuesIn {
  const targets = definitions.searchParameters(resourceType).get(component.code)?.targets ?? [];
  const ways = (compileTypedPaths(definitions, component.expression, type, resourceType) ?? []).flatMap((path) => {
    const index = elementIndexer(path, { type: component.type, targets }, definitions);
    return index ? [{ path, index }] : [];
  });
  return (element, resource, base) => ways.flatMap((way) => valuesBy(way, element, resource, base));
}

function valuesBy(
  { path, index }: { path: TypedPath; index: ElementIndexer },
  element: JsonObject,
  resource: JsonObject,
  base: string,
): SimpleValue[] {
  const found: JsonValue[] = [];
  follow(path, element, resource, found);
  return found.flatMap((value) => index(value, base));
}

function combinations(lists: readonly SimpleValue[][]): CompositeValue[] {
  let tuples: SimpleValue[][] = [[]];
  for (const values of lists) {
    const longer: SimpleValue[][] = [];
    for (const tuple of tuples) {
      for (const value of values) if (longer.length < maxCombinations) longer.push([...tuple, value]);
    }
    tuples = longer;
  }
  return tuples.map((parts) => ({ kind: 'composite', parts }));
}
