/** Conditional create, update and delete: the table of statuses that AHDS gives for no, one and several matches. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  for (const id of ['two-a', 'two-b']) await send('PUT', `/Patient/${id}`, withIdentifier('two', { id }));
});
afterAll(() => server.stop());

const withIdentifier = (value: string, more: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:test', value }],
  ...more,
});
const criteria = (value: string) => `identifier=urn:test|${value}`;

describe('ConditionalCreate: If-None-Exist', () => {
  it('no match 201, one match 200 with the existing, several 412', async () => {
    const create = () => send('POST', '/Patient', withIdentifier('c'), { 'If-None-Exist': criteria('c') });
    const first = await create();
    const second = await create();
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('etag')).toBe('W/"1"');
    const several = await send('POST', '/Patient', withIdentifier('two'), { 'If-None-Exist': criteria('two') });
    expect([several.status, several.issue]).toEqual([412, 'multiple-matches']);
  });

  it('by many at once creates one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        send('POST', '/Patient', withIdentifier('race'), { 'If-None-Exist': criteria('race') }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array(15).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('with nothing that selects is 412', async () => {
    const answer = await send('POST', '/Patient', withIdentifier('n'), { 'If-None-Exist': 'nonsense=1' });
    expect(answer.status).toBe(412);
  });
});

describe('ConditionalUpdate: by criteria', () => {
  it('no match: without id 201 under a new one, with id 201 under it', async () => {
    const without = await send('PUT', `/Patient?${criteria('u1')}`, withIdentifier('u1'));
    expect(without.status).toBe(201);
    const withId = await send('PUT', `/Patient?${criteria('u2')}`, withIdentifier('u2', { id: 'u2' }));
    expect([withId.status, withId.body.id]).toEqual([201, 'u2']);
  });

  it('one match: 200, with another id in the body 400', async () => {
    const updated = await send('PUT', `/Patient?${criteria('u2')}`, withIdentifier('u2', { active: true }));
    expect([updated.status, updated.body.id, updated.body.meta.versionId]).toEqual([200, 'u2', '2']);
    const other = await send('PUT', `/Patient?${criteria('u2')}`, withIdentifier('u2', { id: 'u3' }));
    expect(other.status).toBe(400);
  });

  it('several matches 412, no criteria 400', async () => {
    expect((await send('PUT', `/Patient?${criteria('two')}`, withIdentifier('two'))).status).toBe(412);
    expect((await send('PUT', '/Patient', withIdentifier('x'))).status).toBe(400);
  });

  it('by many at once makes one resource', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        send('PUT', `/Patient?${criteria('u-race')}`, withIdentifier('u-race', { name: [{ text: `${n}` }] })),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array(7).fill(200), 201]);
  });
});

describe('ConditionalDelete: by criteria', () => {
  it('no match 204, one match 204, several 412', async () => {
    expect((await send('DELETE', `/Patient?${criteria('none')}`)).status).toBe(204);
    expect((await send('DELETE', `/Patient?${criteria('two')}`)).status).toBe(412);
    expect((await send('DELETE', `/Patient?${criteria('c')}`)).status).toBe(204);
    expect((await send('GET', `/Patient?${criteria('c')}`)).body.entry).toBeUndefined();
  });

  it('with _count deletes up to that many and says how many', async () => {
    const { status, headers } = await send('DELETE', `/Patient?${criteria('two')}&_count=10`);
    expect([status, headers.get('items-deleted')]).toEqual([204, '2']);
    expect((await send('DELETE', `/Patient?${criteria('two')}&_count=101`)).status).toBe(400);
  });

  it('with a misspelt criterion is 400 and deletes nothing, rather than what the others match', async () => {
    await send('PUT', '/Patient/kept', withIdentifier('kept', { id: 'kept' }));
    for (const more of ['', '&_count=10', '&_hardDelete=true']) {
      const answer = await send('DELETE', `/Patient?${criteria('kept')}&birhtdate=1900${more}`);
      expect([answer.status, answer.issue]).toEqual([400, 'not-supported']);
    }
    expect((await send('GET', '/Patient/kept')).status).toBe(200);
  });

  it('without criteria is 412', async () => {
    expect((await send('DELETE', '/Patient')).status).toBe(412);
    expect((await send('DELETE', '/Patient?_count=5')).status).toBe(412);
  });
});
