import { describe, expect, it } from 'vitest';
import type { AuditEntryRecord, AuditRecord } from '../access/audit-record.ts';
import type { Principal } from '../access/principal.ts';
import { allEndpoints, mount } from './all-endpoints.ts';
import { requestError, UserError } from './errors.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { serve } from './serve.ts';

const reader: Principal = { id: 'reader', allows: (action) => action === 'read' };

function world(handler: (call: Call<string>) => Promise<Answer>, changes: Partial<Operation<string>> = {}) {
  const row: Operation<string> = {
    name: 'test-row',
    methods: ['POST'],
    route: '{value}',
    access: [['read']],
    body: { kind: 'whole', maxBytes: 10 },
    handler,
    ...changes,
  };
  const renderError = (error: unknown): Answer => ({
    status: error instanceof UserError ? error.status : 500,
    body: error instanceof UserError ? error.message : 'system',
  });
  const endpoints = allEndpoints(mount({ kind: 'root', operations: [], renderError, service: async () => null }), [
    mount({
      kind: 'test',
      operations: [row],
      renderError,
      names: ['one'],
      service: async (name) => name,
      maxBodyBytes: () => 8,
    }),
  ]);
  const records: (AuditRecord | AuditEntryRecord)[] = [];
  const errors: string[] = [];
  const send = (path: string, init: RequestInit = {}, name = 'test-row') => {
    const endpoint = endpoints.find((each) => each.name === name);
    if (!endpoint) throw new Error(`no ${name}`);
    return serve(endpoint, new Request(`http://here${path}`, { method: 'POST', ...init }), {
      address: { publicUrl: 'https://public.example/health', trustForwarded: false },
      authenticate: async (headers) => {
        if (headers.get('authorization')) return reader;
        throw requestError('unauthenticated', 'Who are you?');
      },
      connection: undefined,
      audit: (record) => records.push(record),
      logError: (text) => errors.push(text),
    });
  };
  return { send, records, errors };
}

const known = { headers: { authorization: 'Bearer x' } };

describe('serving a request', () => {
  it('the handler gets the public address, the decoded parameters and the opened service', async () => {
    const { send } = world(async ({ url, base, params, service, body }) => ({
      status: 200,
      body: JSON.stringify([url.href, base, params.value, service, Buffer.from(body).toString()]),
    }));
    const { body } = await send('/ONE/a%20b?q=1', { ...known, body: 'abc' });
    expect(JSON.parse(String(body))).toEqual([
      'https://public.example/health/ONE/a%20b?q=1',
      'https://public.example/health/one',
      'a b',
      'one',
      'abc',
    ]);
  });

  it('a caller who is not known gets 401, one without the data action 403, both before the handler', async () => {
    const handler = async () => {
      throw new Error('must not run');
    };
    expect((await world(handler).send('/one/x')).status).toBe(401);
    expect((await world(handler, { access: [['write'], ['read', 'delete']] }).send('/one/x', known)).status).toBe(403);
  });

  it('a public operation asks nobody', async () => {
    const { send, records } = world(async ({ principal }) => ({ status: principal.allows('read') ? 500 : 200 }), {
      access: 'public',
    });
    expect((await send('/one/x')).status).toBe(200);
    expect(records[0]?.who).toBeUndefined();
  });

  it("the service's own limit holds below the row's", async () => {
    const { send } = world(async () => ({ status: 200 }));
    expect((await send('/one/x', { ...known, body: '12345678' })).status).toBe(200);
    expect((await send('/one/x', { ...known, body: '123456789' })).status).toBe(413);
  });

  it("a system error is a 500 whose text is logged, a user error's text is not", async () => {
    const system = world(async () => Promise.reject(new Error('the disk')));
    expect(await system.send('/one/secret', known)).toMatchObject({ status: 500, body: 'system' });
    expect(system.errors.join()).toMatch(/the disk/);
    expect(system.errors.join()).not.toMatch(/secret/);
    const user = world(async () => Promise.reject(new UserError('x', 418, 'your data')));
    expect(await user.send('/one/x', known)).toMatchObject({ status: 418 });
    expect(user.errors).toEqual([]);
  });

  it('leaves one audit record with what the handler added, without the query', async () => {
    const { send, records } = world(async ({ audit }) => {
      Object.assign(audit, { resourceType: 'Patient', resourceId: '1', patients: ['1'] });
      return { status: 201 };
    });
    await send('/one/x?name=Secret', { headers: { ...known.headers, 'X-MS-AZUREFHIR-AUDIT-Site': 'north' } });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      who: 'reader',
      operation: 'test-row',
      method: 'POST',
      path: '/one/x',
      status: 201,
      resourceType: 'Patient',
      resourceId: '1',
      patients: ['1'],
      custom: { site: 'north' },
    });
  });

  it.each([
    ['eleven', Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-MS-AZUREFHIR-AUDIT-${index}`, 'x']))],
    ['too long', { 'X-MS-AZUREFHIR-AUDIT-A': 'x'.repeat(2049) }],
  ])('audit headers that are %s are 431', async (_, headers) => {
    const { send } = world(async () => ({ status: 200 }));
    expect((await send('/one/x', { headers: { ...known.headers, ...headers } })).status).toBe(431);
  });

  it('the fallback answers 404, 405 with Allow, and OPTIONS', async () => {
    const { send } = world(async () => ({ status: 200 }));
    const fallback = (path: string, method: string) => send(path, { method }, 'zz-unmatched');
    expect((await fallback('/one', 'GET')).status).toBe(404);
    expect(await fallback('/one/x', 'GET')).toMatchObject({ status: 405 });
    expect(await fallback('/one/x', 'OPTIONS')).toMatchObject({ status: 204, headers: { Allow: 'POST, OPTIONS' } });
    expect((await fallback('/one', 'OPTIONS')).status).toBe(404);
  });
});
