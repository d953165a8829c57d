/** Every request that docs/fhir-operations.md shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { expectShown, shownRequests } from '../shown-requests.ts';

const requests = shownRequests('docs/fhir-operations.md');
let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

describe('docs/fhir-operations.md', () => {
  it('has all its parts', () => {
    expect(requests.length).toBeGreaterThanOrEqual(9);
  });

  for (const [index, { command, expected }] of requests.entries()) {
    it(`${index + 1}. ${command.slice(0, 100)}`, () => expectShown(server.url, command, expected));
  }
});
