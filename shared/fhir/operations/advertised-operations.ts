/** The operations that the rows answer, as the CapabilityStatement lists them and OperationDefinitions describe them. */
import type { InteractionRow } from '../interactions/interaction-row.ts';
import type { JsonObject } from '../resource/types.ts';
import { type OperationEntry, operationTable } from './operation-table.ts';

export interface AdvertisedOperation extends OperationEntry {
  /** Behind the `$`. */
  readonly code: string;
  /** The type before it: `Resource` for any, undefined for an operation on the whole service. */
  readonly resource: string | undefined;
  readonly onType: boolean;
  readonly onInstance: boolean;
}

/** An operation that the table does not know is not advertised; a test sees to it that there is none. */
export function advertisedOperations(rows: readonly InteractionRow[]): AdvertisedOperation[] {
  const paths = rows.map(({ path }) => path).filter((path) => path.includes('$'));
  const byKey = Map.groupBy(paths, operationKey);
  return [...byKey].flatMap(([key, found]) => {
    const entry = operationTable[key];
    if (!entry) return [];
    const [type = '', code] = key.split('$');
    const resource = type === '' ? undefined : type === '{type}/' ? 'Resource' : type.slice(0, -1);
    const onInstance = found.some((path) => path.includes('{id}'));
    const onType = resource !== undefined && found.some((path) => !path.includes('{id}'));
    return [{ ...entry, code: code ?? '', resource, onType, onInstance }];
  });
}

/** A row's path without the id and without what stands behind the `$…`. */
export function operationKey(path: string): string {
  return (/^.*\$[^/]+/.exec(path)?.[0] ?? path).replace('{id}/', '');
}

/** `CapabilityStatement.rest.operation`; AHDS lists all operations there, those of one type too. */
export function operationCapability({ name, definition }: AdvertisedOperation, base: string): JsonObject {
  return { name, definition: definition ?? `${base}/OperationDefinition/${name}` };
}

export function operationDefinitionOf(operation: AdvertisedOperation, base: string): JsonObject {
  const { name, description, definition, affectsState, parameters, code, resource, onType, onInstance } = operation;
  return {
    resourceType: 'OperationDefinition',
    id: name,
    url: definition ?? `${base}/OperationDefinition/${name}`,
    version: '1.0.0',
    name: name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    status: 'active',
    kind: 'operation',
    description,
    affectsState: affectsState === true,
    code,
    ...(resource !== undefined && { resource: [resource] }),
    system: resource === undefined,
    type: onType,
    instance: onInstance,
    ...(parameters && { parameter: parameters.map(parameterOf) }),
  };
}

function parameterOf(text: string): JsonObject {
  const [name = '', use = '', min, max = '', type] = text.split(' ');
  return { name, use, min: Number(min), max, ...(type !== undefined && { type }) };
}
