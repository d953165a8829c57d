/** Entries under keys of their own, beside those of the parameter: what `:of-type`, `:identifier` and `near` look up. */
import type { IndexValue, ParameterKey } from '../../stores/resources/index-entry.ts';
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { textOf } from './element-text.ts';
import { identifierTokens } from './index-token.ts';
import { pointAt } from './near.ts';
import { modifierKey, parameterKey } from './parameter-key.ts';
import { typedValue } from './token.ts';
import { compileTypedPaths, follow } from './typed-path.ts';

type ValuesOf = (resource: JsonObject) => readonly IndexValue[];
type ElementValues = (element: JsonObject) => readonly IndexValue[];

export function derivedIndexer(
  definitions: Definitions,
  parameter: SearchParameter,
  resourceType: string,
): readonly [ParameterKey, ValuesOf] | undefined {
  const key = parameterKey(parameter);
  switch (parameter.type) {
    case 'token':
      return along('Identifier', modifierKey(key, 'of-type'), typedIdentifier);
    case 'reference':
      return along('Reference', modifierKey(key, 'identifier'), logicalReference(definitions, parameter.targets));
    case 'special':
      return key === 'Location.near' ? [key, ({ position }) => placeOf(position)] : undefined;
    default:
      return undefined;
  }

  function along(
    type: string,
    key: ParameterKey,
    valuesOf: ElementValues,
  ): readonly [ParameterKey, ValuesOf] | undefined {
    const all = parameter.expression === '' ? [] : compileTypedPaths(definitions, parameter.expression, resourceType);
    const paths = (all ?? []).filter((path) => path.type === type);
    if (paths.length === 0) return undefined;
    return [
      key,
      (resource) => {
        const found: JsonValue[] = [];
        for (const path of paths) follow(path, resource, resource, found);
        const values: IndexValue[] = [];
        for (const element of found) if (isObject(element)) values.push(...valuesOf(element));
        return values;
      },
    ];
  }
}

/** FHIR R4 3.1.1.4.4: one token per coding of the identifier's type. AHDS differs: it has no `:of-type`. */
function typedIdentifier({ type, value }: JsonObject): IndexValue[] {
  const text = textOf(value);
  if (text === undefined || !isObject(type) || !Array.isArray(type.coding)) return [];
  return type.coding.flatMap((coding): IndexValue[] => {
    const code = isObject(coding) ? textOf(coding.code) : undefined;
    if (code === undefined || !isObject(coding)) return [];
    return [{ kind: 'token', system: textOf(coding.system) ?? null, code: typedValue(code, text), text: null }];
  });
}

/** FHIR R4 3.1.1.4.4: the identifier of a reference, whether or not it has a literal one too. AHDS has no `:identifier`. */
function logicalReference(definitions: Definitions, targets: readonly string[]): ElementValues {
  const anyType = targets.length === 0 || targets.length === definitions.resourceTypes.length;
  return ({ identifier, reference, type }) => {
    if (!isObject(identifier)) return [];
    const named = textOf(type) ?? /(?:^|\/)([A-Z][A-Za-z]*)\/[^/]+$/.exec(textOf(reference) ?? '')?.[1];
    return anyType || named === undefined || targets.includes(named) ? identifierTokens(identifier) : [];
  };
}

function placeOf(position: JsonValue | undefined): IndexValue[] {
  if (!isObject(position)) return [];
  const { latitude, longitude } = position;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return [];
  return Math.abs(latitude) > 90 ? [] : [{ kind: 'point', ...pointAt(latitude, longitude) }];
}
