/** Bad input gets the right 4xx and an OperationOutcome, and leaves the server healthy. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());
afterEach(async () => {
  expect((await fetch(`${server.url}/health/check`)).status).toBe(200);
});

const json = { 'Content-Type': 'application/fhir+json' };
const patient = '{"resourceType":"Patient"}';

async function send(
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = json,
) {
  const response = await fetch(`${server.url}/fhir${path}`, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  const outcome = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, type: outcome.resourceType, code: outcome.issue?.[0]?.code, text };
}

describe('bodies', () => {
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  const entry = { resource: { resourceType: 'Basic', code: { text: 'x' } }, request: { method: 'POST', url: 'Basic' } };
  const bundleOf = (count: number) =>
    JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: new Array(count).fill(entry) });

  it.each([
    ['not JSON', 'POST', '/Patient', '{"resourceType":"Patient"', 400, 'structure'],
    ['another type than the address', 'POST', '/Patient', '{"resourceType":"Observation"}', 400, 'invalid'],
    ['no resourceType', 'POST', '/Patient', '{}', 400, 'structure'],
    ['an array', 'POST', '/Patient', '[]', 400, 'structure'],
    ['an empty body', 'POST', '/Patient', '', 400, 'structure'],
    ['an unknown type', 'POST', '/Foo', '{"resourceType":"Foo"}', 404, 'not-found'],
    ['a type in other case', 'POST', '/patient', patient, 404, 'not-found'],
    ['an unknown element', 'POST', '/Patient', '{"resourceType":"Patient","colour":"red"}', 400, 'structure'],
    [
      'a date that does not exist',
      'POST',
      '/Patient',
      '{"resourceType":"Patient","birthDate":"2023-02-30"}',
      400,
      'value',
    ],
    ['nesting of 10,000', 'POST', '/Patient', deep, 400, 'structure'],
    ['duplicate keys', 'POST', '/Patient', '{"resourceType":"Patient","active":true,"active":false}', 400, 'structure'],
    ['a raw NUL in a string', 'POST', '/Patient', '{"resourceType":"Patient","language":"e\u0000n"}', 400, 'structure'],
    [
      'an id of 65 characters',
      'PUT',
      `/Patient/${'a'.repeat(65)}`,
      `{"resourceType":"Patient","id":"${'a'.repeat(65)}"}`,
      400,
      'invalid',
    ],
    ['no id in an update', 'PUT', '/Patient/a', patient, 400, 'required'],
    ['another id than the address', 'PUT', '/Patient/a', '{"resourceType":"Patient","id":"b"}', 400, 'invalid'],
    ['a bundle of 600 entries', 'POST', '', bundleOf(600), 400, 'too-costly'],
    ['a bundle of type collection', 'POST', '', '{"resourceType":"Bundle","type":"collection"}', 405, 'not-supported'],
    ['a patient posted to the root', 'POST', '', patient, 400, 'invalid'],
  ])('%s: %s %s', async (_name, method, path, body, status, code) => {
    const answer = await send(method, path, body);
    expect([answer.status, answer.type, answer.code]).toEqual([status, 'OperationOutcome', code]);
  });

  it('an escaped NUL in a string is 400', async () => {
    const answer = await send('POST', '/Patient', '{"resourceType":"Patient","name":[{"text":"a\\u0000b"}]}');
    expect([answer.status, answer.type]).toEqual([400, 'OperationOutcome']);
  });

  it('invalid UTF-8 is 400', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"resourceType":"Patient","id":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const answer = await send('POST', '/Patient', new Uint8Array(bytes));
    expect([answer.status, answer.code]).toEqual([400, 'structure']);
  });

  it.each([
    ['text/plain', 415],
    ['text/turtle', 415],
    ['application/fhir+xml; charset=latin1', 415],
    ['application/json', 201],
    ['application/fhir+json; charset=utf-8', 201],
    ['application/fhir+json; charset=latin1', 415],
  ])('content type %s is %i', async (type, status) => {
    expect((await send('POST', '/Patient', patient, { 'Content-Type': type })).status).toBe(status);
  });

  it('a body of 200 MB is 413, declared or chunked, and memory stays bounded', async () => {
    const declared = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          'POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\nContent-Length: 209715200\r\n\r\n{',
        );
      });
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    const before = server.rss();
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent >= 200) return controller.close();
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
      },
    });
    const response = await fetch(`${server.url}/fhir/Patient`, {
      method: 'POST',
      headers: json,
      body: stream,
      duplex: 'half',
    } as RequestInit).catch(() => undefined);
    // The server may close the connection before the client has read the answer.
    if (response) expect(response.status).toBe(413);
    expect(server.rss() - before).toBeLessThan(150);
  });
});

describe('requests', () => {
  it.each([
    ['GET', `/Patient/${'a'.repeat(65)}`, 404],
    ['GET', '/Patient/none', 404],
    ['GET', '/Patient/none/_history/1', 404],
    ['GET', '/Patient/none/_history', 404],
    ['GET', '/patient/none', 404],
    ['GET', '/Foo', 404],
    ['GET', '/Patient/a/b/c/d', 404],
    ['PATCH', '/metadata', 405],
    ['DELETE', '/_history', 405],
    ['GET', '/Patient?birthdate=2023-02-30', 400],
    ['GET', '/Patient?_count=-1', 400],
    ['GET', '/Patient?ct=nonsense', 400],
    ['GET', '/Patient?name:nonsense=x', 403],
    ['GET', '/Patient?_total=guess', 400],
    ['GET', '/Patient/$includes', 400],
    ['GET', '/Patient/$includes?includesCt=nonsense', 400],
    ['GET', '/Foo/$includes', 404],
    ['GET', '/Patient?_format=text/turtle', 406],
    ['GET', '/Patient/_history?_sort=name', 403],
    ['GET', '/Patient/_history?_since=yesterday', 400],
    ['GET', '/Patient?_pretty=perhaps', 400],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await send(method, path, undefined, {});
    expect([answer.status, answer.type]).toEqual([status, 'OperationOutcome']);
  });

  it('Accept: text/turtle is 406', async () => {
    expect((await send('GET', '/Patient', undefined, { Accept: 'text/turtle' })).status).toBe(406);
  });

  it('a malformed If-Match is 400, an empty If-None-Exist is 400, an unknown Prefer is 400', async () => {
    const body = '{"resourceType":"Patient","id":"if-match"}';
    expect((await send('PUT', '/Patient/if-match', body, { ...json, 'If-Match': 'one' })).status).toBe(400);
    expect((await send('POST', '/Patient', patient, { ...json, 'If-None-Exist': '' })).status).toBe(400);
    expect((await send('POST', '/Patient', patient, { ...json, Prefer: 'return=everything' })).status).toBe(400);
  });

  it('a reader that never reads does not hold up others or fill the memory', async () => {
    const entries = Array.from({ length: 400 }, (_, index) => ({
      resource: { resourceType: 'Basic', id: `big-${index}`, code: { text: 'x'.repeat(20_000) } },
      request: { method: 'PUT', url: `Basic/big-${index}` },
    }));
    await send('POST', '', JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: entries }));
    const before = server.rss();
    const { hostname, port } = new URL(server.url);
    const sockets = Array.from({ length: 5 }, () => {
      const socket = connect(Number(port), hostname);
      socket.pause();
      socket.on('error', () => {});
      socket.write('GET /fhir/Basic?_count=400 HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return socket;
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await send('GET', '/Basic/big-1', undefined, {})).status).toBe(200);
    // Five answers of 8 MB: what is not read stays in the sockets' and the answers' own buffers.
    expect(server.rss() - before).toBeLessThan(150);
    for (const socket of sockets) socket.destroy();
  });
});
