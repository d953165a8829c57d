/** Who may patch: AHDS's data actions, for a single patch and for one by criteria, in each entry of a batch. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataAction } from '../../access/data-actions.ts';
import { batch } from '../bundle/batch.ts';
import { openTestService, type TestService, testBase } from '../search/testing/test-service.ts';
import { interactionRows } from './rows.ts';

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
  await test.put({ resourceType: 'Patient', id: 'p' });
});
afterAll(() => test.close());

const part = [
  { name: 'type', valueCode: 'upsert' },
  { name: 'path', valueString: 'Patient' },
  { name: 'name', valueString: 'active' },
  { name: 'value', valueBoolean: true },
];
const resource = { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] };

async function statuses(...actions: DataAction[]): Promise<string[]> {
  const entries = ['Patient/p', 'Patient?_id=p'].map((url) => ({ resource, request: { method: 'PATCH', url } }));
  const request = {
    service: test.service,
    method: 'POST',
    query: [],
    header: () => undefined,
    base: testBase,
    principal: { id: 'someone', allows: (action: DataAction) => actions.includes(action) },
    requestId: 'request-1',
    audit: {},
  } as const;
  const { body = [] } = await batch(request, entries, interactionRows);
  const answer = JSON.parse(Buffer.concat(body).toString()) as { entry: { response: { status: string } }[] };
  return answer.entry.map(({ response }) => response.status);
}

it.each<[DataAction[], string[]]>([
  [[], ['403', '403']],
  [['write'], ['403', '403']],
  [['read'], ['403', '403']],
  [
    ['search', 'create'],
    ['403', '403'],
  ],
  [['update'], ['200', '403']],
  [
    ['search', 'update'],
    ['200', '200'],
  ],
  [
    ['read', 'write'],
    ['200', '200'],
  ],
])('%j: a patch, and one by criteria', async (actions, expected) => {
  expect(await statuses(...actions)).toEqual(expected);
});
