/** For tests: tables of searches and what they find, over a real store. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Resource } from '../../resource/types.ts';
import type { FhirSettings } from '../../service.ts';
import { openTestService, type TestService } from './test-service.ts';

export type SearchTable = (
  type: string,
  resources: Readonly<Record<string, object>>,
  rows: readonly [query: string, ids: string][],
) => void;

/**
 * Opens a store for the tests of a file. The table stores resources of one type by their ids, then runs its rows: a query
 * and the sorted ids that it finds. A `+` in a query stands for itself.
 */
export function searchTables(settings: Partial<FhirSettings> = {}): SearchTable {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService(settings);
  });
  afterAll(() => service.close());

  return (type, resources, rows) => {
    beforeAll(() =>
      service.put(
        ...Object.entries(resources).map(
          ([id, body]) => ({ resourceType: type, id, ...body }) as Resource & { id: string },
        ),
      ),
    );
    it.each(rows)('%s finds "%s"', async (query, ids) => {
      const found = await service.find(`${type}?${query.replaceAll('+', '%2B')}`);
      expect(found.sort().join(' ')).toBe(ids);
    });
  };
}
