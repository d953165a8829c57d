/** An app for the tests of the local host: operations that read, write, wait and fail in every way that matters. */
import { setTimeout as delay } from 'node:timers/promises';
import { openAccess } from '../../shared/access/authenticate.ts';
import { allEndpoints, mount } from '../../shared/operations/all-endpoints.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { UserError } from '../../shared/operations/errors.ts';
import type { Answer, BodyRule, Call, Method, Operation } from '../../shared/operations/operation.ts';
import { registerApp } from '../../shared/operations/register.ts';

const maxBytes = 50 * 1024 * 1024;
const seen = { chunksPulled: 0, aborted: 0, audited: [] as unknown[], openBodies: 0 };

type Handler = (call: Call<null>) => Promise<Answer>;

function row(method: Method, path: string, handler: Handler, body: BodyRule = { kind: 'none' }): Operation<null> {
  return { name: `test-${path.split('/')[0]}`, methods: [method], route: path, access: 'public', body, handler };
}

const json = (value: unknown): Answer => ({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
});

const operations: readonly Operation<null>[] = [
  row('GET', 'hello', async () => json({ hello: 'world' })),
  row('GET', 'seen', async () => json({ ...seen, rss: process.memoryUsage().rss })),
  row('GET', 'address/{value}', async ({ url, base, params }) => json({ url: url.href, base, params })),
  row('POST', 'echo', async ({ body }) => ({ status: 200, body }), { kind: 'whole', maxBytes }),
  row('POST', 'count', async ({ stream }) => json(await countBytes(stream)), { kind: 'stream', maxBytes }),
  row('GET', 'big', async ({ url }) => ({ status: 200, body: zeros(Number(url.searchParams.get('chunks'))) })),
  row('GET', 'list', async () => ({ status: 200, body: Array.from({ length: 5000 }, () => Buffer.alloc(100, 'x')) })),
  row('GET', 'whole', async () => ({ status: 200, body: Buffer.alloc(64 * 1024 * 1024) })),
  row('GET', 'wait', waitForAbort),
  row('GET', 'sleep', async ({ url }) => {
    await delay(Number(url.searchParams.get('ms')));
    return json('slept');
  }),
  row('GET', 'throw', async () => {
    throw new Error('a system error');
  }),
  row('GET', 'unspeakable', async () => {
    throw new Error('unspeakable');
  }),
  row('GET', 'refuse', async () => {
    throw new UserError('teapot', 418, 'short and stout', { 'Retry-After': '7' });
  }),
  row('GET', 'break', async () => ({ status: 200, body: breaking() })),
];

const renderError: ServiceKind<null>['renderError'] = (error) => {
  if (error instanceof Error && error.message === 'unspeakable') throw new Error('no words for it');
  return rendered(error);
};

const rendered = (error: unknown): Answer => ({
  status: error instanceof UserError ? error.status : 500,
  headers: { ...(error instanceof UserError && error.headers), 'Content-Type': 'application/json' },
  body: JSON.stringify({ error: error instanceof UserError ? error.message : 'system' }),
});

async function countBytes(stream: ReadableStream<Uint8Array> | undefined): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream ?? []) bytes += chunk.byteLength;
  return bytes;
}

async function* zeros(chunks: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(64 * 1024);
  seen.openBodies += 1;
  try {
    for (let count = 0; count < chunks; count++) {
      seen.chunksPulled += 1;
      yield chunk;
    }
  } finally {
    seen.openBodies -= 1;
  }
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('the beginning');
  throw new Error('the store broke off');
}

async function waitForAbort({ signal }: Call<null>): Promise<Answer> {
  await delay(20_000, undefined, { signal }).catch(() => {
    seen.aborted += 1;
  });
  return json('waited');
}

const kind: ServiceKind<null> = { kind: 'test', operations, renderError };

registerApp({
  endpoints: allEndpoints(mount({ kind: 'root', operations: [], renderError, service: async () => null }), [
    mount({ ...kind, names: ['test', 'other'], service: async () => null }),
  ]),
  background: [],
  timed: [],
  events: [],
  address: { publicUrl: undefined, trustForwarded: false },
  authenticate: openAccess(() => undefined),
  audit: (line) => {
    seen.audited.push(JSON.parse(line));
    if (seen.audited.length > 20) seen.audited.shift();
  },
  start: async () => {},
  stop: async () => console.log('stopped'),
});
