/** What a batch does when its store turns entries away, and when its time is over. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localPrincipal } from '../../access/principal.ts';
import type { FhirRequest, Interaction } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { FhirError } from '../outcome.ts';
import { openTestService, type TestService, testBase } from '../search/testing/test-service.ts';
import { batch } from './batch.ts';
import { transaction } from './transaction.ts';

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
});
afterAll(() => test.close());

const entry = { request: { method: 'GET', url: 'Patient/1' } };
const row = (interaction: Interaction): InteractionRow => {
  return { name: 'read', method: 'GET', path: '{type}/{id}', access: [['read']], body: 'none', interaction };
};
const requestOf = (changes: Partial<FhirRequest['service']> = {}): FhirRequest => ({
  service: { ...test.service, ...changes },
  method: 'POST',
  query: [],
  header: () => undefined,
  base: testBase,
  principal: localPrincipal,
  requestId: 'request-1',
  audit: {},
});

async function statusesOf(count: number, interaction: Interaction) {
  const { body = [], headers } = await batch(requestOf(), new Array(count).fill(entry), [row(interaction)]);
  const answer = JSON.parse(Buffer.concat(body).toString()) as { entry: { response: { status: string } }[] };
  return { statuses: answer.entry.map(({ response }) => response.status), headers };
}

describe('a batch whose store answers 429', () => {
  const throttled = () => new FhirError('throttled', 'Too much.', { 'Retry-After': '0' });

  it('tries the entry once more', async () => {
    let calls = 0;
    const { statuses } = await statusesOf(3, async () => {
      calls += 1;
      if (calls === 2) throw throttled();
      return { status: 200 };
    });
    expect([statuses, calls]).toEqual([['200', '200', '200'], 4]);
  });

  it('gives up on all that are left when that does not help, and says when to come back', async () => {
    let calls = 0;
    const { statuses, headers } = await statusesOf(4, async () => {
      calls += 1;
      if (calls > 1) throw throttled();
      return { status: 200 };
    });
    expect([statuses, calls, headers]).toEqual([['200', '429', '429', '429'], 3, { 'Retry-After': '0' }]);
  });
});

describe('a bundle that takes longer than 100 seconds', () => {
  const slowly = () => {
    let time = Date.now();
    return () => {
      time += 40_000;
      return new Date(time);
    };
  };

  it('is 408', async () => {
    const rows = [row(async () => ({ status: 200 }))];
    const request = requestOf({ now: slowly() });
    await expect(batch(request, new Array(5).fill(entry), rows)).rejects.toMatchObject({ status: 408 });
  });

  it('as a transaction has written nothing', async () => {
    const create = { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } };
    const rows: InteractionRow[] = [
      {
        name: 'create',
        method: 'POST',
        path: '{type}',
        access: [['write']],
        body: 'resource',
        interaction: neverCalled,
      },
    ];
    const request = requestOf({ now: slowly() });
    await expect(transaction(request, [create, create, create], rows)).rejects.toMatchObject({ status: 408 });
    expect(await test.service.store.countHistory({ oldestFirst: true })).toBe(0);
    await transaction(requestOf(), [create, create, create], rows);
    expect(await test.service.store.countHistory({ oldestFirst: true })).toBe(3);
  });
});

const neverCalled: Interaction = () => Promise.reject(new Error('A transaction plans its writes.'));
