import { afterEach, describe, expect, it, vi } from 'vitest';
import { openAccess } from '../access/authenticate.ts';
import { endpointsOf } from './endpoint.ts';
import { UserError } from './errors.ts';
import type { Answer, Operation } from './operation.ts';
import { matchRoute, pathSegments } from './route-template.ts';
import { serve } from './serve.ts';
import { WorkGate } from './work-gate.ts';

const here = () => false;
const refused = { status: 429, headers: { 'Retry-After': '1' } };

afterEach(() => vi.useRealTimers());

describe('requests at work', () => {
  it('are so many; the others begin in their order when one of them ends', async () => {
    const gate = new WorkGate({ atWork: 2, waiting: 5 });
    const begun: string[] = [];
    expect([gate.enter(here), gate.enter(here)]).toEqual([undefined, undefined]);
    const waiting = ['c', 'd'].map((name) => gate.enter(here)?.then(() => begun.push(name)));
    gate.leave();
    await waiting[0];
    expect(begun).toEqual(['c']);
    gate.leave();
    await waiting[1];
    expect(begun).toEqual(['c', 'd']);
    gate.leave();
    gate.leave();
    expect(gate.enter(here)).toBeUndefined();
  });

  it('are 429 with Retry-After when as many wait already', async () => {
    const gate = new WorkGate({ atWork: 1, waiting: 1 });
    gate.enter(here);
    const waiting = gate.enter(here);
    await expect(gate.enter(here)).rejects.toMatchObject(refused);
    gate.leave();
    await waiting;
  });

  it('take no turn for a client that has left, and no place in the line', async () => {
    const gate = new WorkGate({ atWork: 1, waiting: 1 });
    gate.enter(here);
    let left = false;
    const first = gate.enter(() => left);
    const given = expect(first).rejects.toMatchObject(refused);
    left = true;
    const second = gate.enter(here);
    await given;
    gate.leave();
    await second;
  });

  it('are 429 when their turn does not come in half a minute', async () => {
    vi.useFakeTimers();
    const gate = new WorkGate({ atWork: 1, waiting: 1 });
    gate.enter(here);
    const waited = expect(gate.enter(here)).rejects.toMatchObject(refused);
    await vi.advanceTimersByTimeAsync(30_000);
    await waited;
    gate.leave();
    expect(gate.enter(here)).toBeUndefined();
  });
});

describe('each service', () => {
  const ends = new Map<string, () => void>();
  const renderError = (error: unknown): Answer => ({ status: error instanceof UserError ? error.status : 500 });
  const operation = (name: string, handler: Operation<string>['handler']): Operation<string> => {
    return { name, methods: ['GET'], route: `${name}/{id}`, access: 'public', body: { kind: 'none' }, handler };
  };
  const endpoints = endpointsOf<string>({
    kind: 'test',
    names: ['one', 'two'],
    service: async (name) => name,
    renderError,
    workLimits: () => ({ atWork: 1, waiting: 1 }),
    operations: [
      operation('wait', async ({ service, params }) => {
        await new Promise<void>((resolve) => ends.set(`${service}/${params.id}`, resolve));
        return { status: 200 };
      }),
      operation('fail', async () => {
        throw new UserError('conflict', 409, 'It fails.');
      }),
    ],
  });
  const ask = async (path: string): Promise<number> => {
    const endpoint = endpoints.find((each) => matchRoute(each.template, pathSegments(path)));
    if (!endpoint) return 404;
    const around = { address: { publicUrl: undefined, trustForwarded: false }, connection: undefined };
    const answer = await serve(endpoint, new Request(`http://here${path}`), {
      ...around,
      authenticate: openAccess(() => undefined),
      audit: () => {},
      logError: () => {},
    });
    return answer.status;
  };
  const begun = (name: string) => vi.waitFor(() => ends.get(name) ?? Promise.reject(new Error(`${name} waits`)));

  it('has a limit of its own, over all its operations; a failure ends its work too', async () => {
    const first = ask('/one/wait/a');
    const end = await begun('one/a');
    const second = ask('/one/wait/b');
    expect(await ask('/one/fail/c')).toBe(429);
    const other = ask('/two/wait/d');
    (await begun('two/d'))();
    expect(await other).toBe(200);
    end();
    expect(await first).toBe(200);
    (await begun('one/b'))();
    expect(await second).toBe(200);
    for (let at = 0; at < 5; at += 1) expect(await ask('/one/fail/e')).toBe(409);
  });
});
