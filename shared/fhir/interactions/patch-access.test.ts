/** Who may patch: AHDS's data actions, for a single patch and for one by criteria, in each entry of a batch. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataAction } from '../../access/data-actions.ts';
import { batch } from '../bundle/batch.ts';
import { transaction } from '../bundle/transaction.ts';
import { openTestService, type TestService, testBase } from '../search/testing/test-service.ts';
import type { FhirRequest } from './interaction.ts';
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

const entries = ['Patient/p', 'Patient?_id=p'].map((url) => ({ resource, request: { method: 'PATCH', url } }));

function requestBy(actions: readonly DataAction[]): FhirRequest {
  return {
    service: test.service,
    method: 'POST',
    query: [],
    header: () => undefined,
    base: testBase,
    principal: { id: 'someone', allows: (action: DataAction) => actions.includes(action) },
    requestId: 'request-1',
    audit: {},
  };
}

async function statuses(...actions: DataAction[]): Promise<string[]> {
  const { body = [] } = await batch(requestBy(actions), entries, interactionRows);
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

it('a transaction with one entry that the caller may not do is 403 as a whole', async () => {
  const create = { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } };
  const before = await test.service.store.countHistory({ oldestFirst: true });
  const sent = transaction(requestBy(['create']), [create, ...entries.slice(0, 1)], interactionRows);
  await expect(sent).rejects.toMatchObject({ status: 403 });
  expect(await test.service.store.countHistory({ oldestFirst: true })).toBe(before);
});
