import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { interactionRows } from '../interactions/rows.ts';
import type { Resource } from '../resource/types.ts';
import { compileValidator } from '../validation/compile-validator.ts';
import {
  advertisedOperations,
  operationCapability,
  operationDefinitionOf,
  operationKey,
} from './advertised-operations.ts';
import { operationTable, unadvertised } from './operation-table.ts';

const base = 'http://localhost/fhir';
const operations = advertisedOperations(interactionRows);

describe('advertised operations', () => {
  it('no row with a $ is forgotten', () => {
    const keys = interactionRows.filter(({ path }) => path.includes('$')).map(({ path }) => operationKey(path));
    expect(keys.filter((key) => !(key in operationTable) && !unadvertised.has(key))).toEqual([]);
  });

  it.each([
    ['Patient/{id}/$everything', 'Patient/$everything'],
    ['{type}/{id}/$reindex', '{type}/$reindex'],
    ['$reindex', '$reindex'],
    ['SearchParameter/$status/_search', 'SearchParameter/$status'],
  ])('%s is known by %s', (path, key) => {
    expect(operationKey(path)).toBe(key);
  });

  it('names differ, and fit the routes that are made of them', () => {
    const names = Object.values(operationTable).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z-]+$/);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'the definition of %s is a valid OperationDefinition with a level that its rows have',
    (name, operation) => {
      const definition = operationDefinitionOf(operation, base);
      expect(compileValidator(loadDefinitions())(structuredClone(definition) as Resource)).toEqual([]);
      expect(definition).toMatchObject({ id: name, code: operation.code, status: 'active' });
      expect([definition.system, definition.type, definition.instance]).toContain(true);
      expect(operationCapability(operation, base)).toEqual({ name, definition: definition.url });
    },
  );

  it('the levels come from the paths', () => {
    const levels = (name: string) => {
      const { resource, onType, onInstance } = operations.find((each) => each.name === name) ?? {};
      return [resource, onType, onInstance];
    };
    expect(levels('patient-everything')).toEqual(['Patient', false, true]);
    expect(levels('document')).toEqual(['Composition', true, true]);
    expect(levels('purge-history')).toEqual(['Resource', false, true]);
    expect(levels('docref')).toEqual(['DocumentReference', true, false]);
  });
});
