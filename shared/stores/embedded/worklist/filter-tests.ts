import type { WorkitemFilter } from '../../worklist/worklist.ts';
import { valueTest } from '../imaging/search-sql.ts';

/** What must hold of `workitem` for all filters to pass, as SQL. */
export function filterTests(filters: readonly WorkitemFilter[]): { texts: string[]; parameters: (string | number)[] } {
  const tests = filters.map(({ path, filter }) => ({ path, ...valueTest(filter) }));
  return {
    texts: tests.map(({ text }) => `id IN (SELECT v.owner FROM value AS v WHERE v.path = ? AND ${text})`),
    parameters: tests.flatMap(({ path, parameters }) => [path, ...parameters]),
  };
}
